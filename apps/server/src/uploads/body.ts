import type { IncomingMessage } from 'node:http';
import { freeAtOnce } from '@everroll/media/free-at-once';
import type { Context } from 'hono';
import type { AppEnv } from '../context.ts';

/** The bytes of a request as they come. */
export interface Body {
  /** Rejects when the connection breaks. */
  next(): Promise<IteratorResult<Uint8Array, unknown>>;
  /** The receiver is done with these chunks and will not look at them again. */
  release(chunks: readonly Uint8Array[]): void;
}

/**
 * The body of a request. Leaving it early closes nothing, so that the request can still be
 * answered; an aborted `ended` ends the waiting.
 *
 * Behind a socket the Node stream is taken as it is: the Fetch body costs a third more CPU. Without
 * one (the simulator) the Fetch body gives the same.
 */
export function bodyOf(c: Context<AppEnv>, ended: AbortSignal): Body {
  // Hono leaves `env` out where the app is called without one.
  const incoming = (c.env as AppEnv['Bindings'] | undefined)?.incoming;
  if (incoming) return nodeBody(incoming, ended);
  const chunks = c.req.raw.body ? fetchChunks(c.req.raw.body, ended) : noChunks();
  return { next: () => chunks.next(), release: () => undefined };
}

/** Whether the request brings bytes, as its headers say (RFC 9112 section 6). */
export function hasBody(c: Context): boolean {
  return c.req.header('transfer-encoding') !== undefined || (c.req.header('content-length') ?? '0') !== '0';
}

function nodeBody(incoming: IncomingMessage, ended: AbortSignal): Body {
  const stop = () => incoming.destroy();
  if (ended.aborted) stop();
  ended.addEventListener('abort', stop, { once: true });
  const chunks = incoming.iterator({ destroyOnReturn: false });
  return { next: () => chunks.next() as Promise<IteratorResult<Uint8Array, unknown>>, release: (done) => done.forEach(freeAtOnce) };
}

async function* fetchChunks(body: ReadableStream<Uint8Array>, ended: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  if (ended.aborted) stop();
  ended.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // A cancelled stream ends like one that came to its end.
      ended.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}
