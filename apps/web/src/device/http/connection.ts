import { type Failure, type Result, TransferError, done } from '@everroll/engine';
import { type Answer, type Call, type Connection, faultOf, protocolHeaders } from '@everroll/engine/http';
import type { FirstAnswers } from './first-answers.ts';

/** Standing still for this long ends a call; how long a transfer takes as a whole has no limit. */
const HEADERS_MS = 120_000;
const BODY_MS = 60_000;

/**
 * The way to the server that this page came from. The session travels as a cookie that no script
 * can read; the browser adds it.
 * @param isOnline what the browser says, to tell a missing network from a missing server.
 * @param first what the server was asked for before; null: nothing.
 */
export function fetchConnection(server: string, isOnline: () => boolean, first: FirstAnswers | null): Connection {
  const fault = (error: unknown): Failure | undefined => connectionFault(error, isOnline());
  return {
    fault,
    // `fetch` unpacks by itself.
    isBinary: true,
    async call(call): Promise<Result<Answer>> {
      const silence = new Silence();
      try {
        const body = await bodyOf(call);
        silence.allow(HEADERS_MS);
        const response = await ((call.method === 'GET' ? first?.take(call.path) : undefined) ??
          fetch(server + call.path, {
            method: call.method,
            headers: { ...protocolHeaders, ...(call.json === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers },
            body,
            signal: AbortSignal.any([call.signal, silence.signal]),
            // Its answers say themselves how long they may be kept; a redirect is somebody else's (captive portals).
            redirect: 'manual',
            credentials: 'same-origin',
          }));
        silence.end();
        return done({ statusCode: response.type === 'opaqueredirect' ? 302 : response.status, headers: Object.fromEntries(response.headers), body: chunksOf(response.body, silence, call.bodyMs ?? BODY_MS) });
      } catch (error) {
        silence.end();
        return { ok: false, failure: faultOf({ fault }, error, call.signal) };
      }
    },
  };
}

/** Browsers send a stream over HTTP/2 alone; a request's body is one chunk of the engine's, so it is gathered. */
async function bodyOf({ json, body }: Call): Promise<string | Blob | null> {
  if (json !== undefined) return JSON.stringify(json);
  if (body === undefined) return null;
  const chunks: BlobPart[] = [];
  for await (const chunk of body.content) chunks.push(chunk as Uint8Array<ArrayBuffer>);
  const blob = new Blob(chunks);
  if (blob.size !== body.bytes) throw new TransferError('changed_during_upload', `${blob.size} bytes came where ${body.bytes} were announced`);
  return blob;
}

async function* chunksOf(stream: ReadableStream<Uint8Array> | null, silence: Silence, patienceMs: number): AsyncGenerator<Uint8Array> {
  if (stream === null) return;
  const reader = stream.getReader();
  try {
    for (;;) {
      silence.allow(patienceMs);
      const { done: ended, value } = await reader.read();
      if (ended) return;
      yield value;
    }
  } finally {
    silence.end();
    void reader.cancel().catch(() => undefined);
  }
}

/** Ends a call on which nothing comes. */
class Silence {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** @param ms 0: for ever. */
  allow(ms: number): void {
    clearTimeout(this.#timer);
    if (ms > 0) this.#timer = setTimeout(() => this.#controller.abort(new DOMException(`nothing came for ${ms} ms`, 'TimeoutError')), ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * A browser tells a page nothing about why a request failed (Fetch, section 4.1, "network error"):
 * DNS, TLS and a refused connection look the same.
 */
function connectionFault(error: unknown, online: boolean): Failure | undefined {
  if (error instanceof TransferError) return { code: error.code, evidence: { detail: error.message } };
  if (error instanceof DOMException && error.name === 'TimeoutError') return { code: 'server_unreachable', evidence: { detail: error.message } };
  // `fetch` rejects with TypeError, a body that breaks with TypeError or NetworkError.
  if (error instanceof TypeError || (error instanceof DOMException && error.name === 'NetworkError')) return online ? { code: 'server_unreachable', evidence: { detail: error.message } } : { code: 'offline', evidence: {} };
  return undefined;
}
