import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Prng } from '../world/prng.ts';

export type Answer = Dispatcher.ResponseData;

/** The parts of an undici answer that the agent's client reads. */
export function answerOf(statusCode: number, headers: IncomingHttpHeaders, chunks: AsyncIterable<Uint8Array>): Answer {
  const body = {
    [Symbol.asyncIterator]: () => chunks[Symbol.asyncIterator](),
    on: () => body,
    destroy: () => body,
    async dump() {
      for await (const chunk of chunks) if (chunk.length < 0) return;
    },
  };
  return { statusCode, headers, body } as unknown as Answer;
}

const text = (content: string): AsyncIterable<Uint8Array> => once(new TextEncoder().encode(content));

export async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  if (chunk.length > 0) yield chunk;
}

const html = { 'content-type': 'text/html; charset=utf-8' };

/** What a hotel's network says in the server's place. */
export function portalAnswer(chance: Prng): Answer {
  switch (chance.below(3)) {
    case 0:
      return answerOf(200, html, text('<html><title>Welcome</title></html>'));
    case 1:
      return answerOf(302, { ...html, location: 'http://portal.example/' }, text(''));
    default:
      return answerOf(511, html, text('<html>Sign in</html>'));
  }
}

/** What a reverse proxy says by itself: nothing of it comes from the server. */
export function proxyAnswer(chance: Prng): Answer {
  const status = chance.pick([403, 404, 413, 429, 500, 502, 503, 504]);
  const headers: IncomingHttpHeaders = chance.chance(0.3) ? { ...html, 'retry-after': '7' } : html;
  return answerOf(status, headers, text(`<html><h1>${status}</h1></html>`));
}
