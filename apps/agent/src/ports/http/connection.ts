import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Result, done, failed } from '@everroll/engine';
import { type Answer, type Call, type Connection as AnyConnection, faultOf, protocolHeaders } from '@everroll/engine/http';
import { freeAtOnce } from '@everroll/media/free-at-once';
import { PRODUCT_VERSION } from '@everroll/protocol';
import { Agent, type Dispatcher } from 'undici';
import { connectionFault } from './faults.ts';

/** There is no limit to how long a transfer takes; what ends it is standing still for this long. */
const STALL = {
  connectMs: 15_000,
  /** The server hashes and syncs a whole upload before it answers: a slow disk needs this for some gigabytes. */
  headersMs: 120_000,
  bodyMs: 60_000,
} as const;

export interface Address {
  /** Scheme, host and port, and the path below which Everroll answers; without a slash at the end. */
  readonly url: string;
  readonly token: string | null;
}

/** Connections to servers, kept open and used again. */
export interface Connection extends AnyConnection {
  call(call: Call): Promise<Result<Answer>>;
  close(): Promise<void>;
}

/** @param address asked at each call, so that a new sign-in counts at once; null: signed out. */
export function connect(address: () => Address | null, stall: Partial<Readonly<Record<keyof typeof STALL, number>>> = {}): Connection {
  const { connectMs, headersMs, bodyMs } = { ...STALL, ...stall };
  const agent = new Agent({
    connections: 20,
    headersTimeout: headersMs,
    bodyTimeout: bodyMs,
    connect: { timeout: connectMs },
    keepAliveTimeout: 30_000,
  });
  const fault = connectionFault;
  return {
    fault,
    isBinary: true,
    async call(call) {
      const { method, path, headers, json, body, signal, bodyMs: ownBodyMs } = call;
      const to = address();
      if (to === null) return failed('signed_out');
      const send = (): Promise<Dispatcher.ResponseData> =>
        agent.request({
          origin: new URL(to.url).origin,
          path: new URL(to.url).pathname.replace(/\/$/, '') + path,
          method,
          signal,
          body: json !== undefined ? JSON.stringify(json) : body === undefined ? null : asBody(freed(body.content)),
          ...(ownBodyMs === undefined ? {} : { bodyTimeout: ownBodyMs }),
          headers: {
            ...protocolHeaders,
            'user-agent': `everroll/${PRODUCT_VERSION}`,
            ...(to.token === null ? {} : { authorization: `Bearer ${to.token}` }),
            ...(json === undefined ? {} : { 'content-type': 'application/json' }),
            ...(body === undefined ? {} : { 'content-length': String(body.bytes) }),
            ...headers,
          },
        });
      try {
        const answer = await send().catch((error: unknown) => (isRepeatable(call) && !signal.aborted && wasClosed(error) ? send() : Promise.reject(error)));
        return done(answer.headers['content-encoding'] === 'gzip' ? { ...answer, body: unpacked(answer.body) } : answer);
      } catch (error) {
        return { ok: false, failure: faultOf({ fault }, error, signal) };
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * A connection that was kept open may have been closed by the other side when a request goes out on it:
 * a proxy kept it for a shorter time, or this machine slept meanwhile. Such a request goes once more, on
 * another connection, if a second arrival does no harm (RFC 9110, section 9.2.2, and rule M3).
 */
function isRepeatable({ method, body, repeatable }: Call): boolean {
  return body === undefined && (repeatable === true || method === 'GET' || method === 'HEAD' || method === 'PUT');
}

function wasClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'UND_ERR_SOCKET' || error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** Chunks that are as large are waited for until the system has taken them (undici writes no other before). */
const AWAITED_BYTES = 128 * 1024;

/** A body as undici takes it. The memory of a chunk that went out is given back at once. */
async function* freed(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    yield chunk;
    if (chunk.byteLength >= AWAITED_BYTES) freeAtOnce(chunk);
  }
}

/** undici takes an async iterable as it is (docs/api/Dispatcher.md, `body`); its types leave that out. */
const asBody = (content: AsyncIterable<Uint8Array>): Readable => content as Readable;

/** What breaks of the one end breaks the other; the iteration throws it. */
function unpacked(body: Readable): Readable {
  return pipeline(body, createGunzip(), () => undefined);
}
