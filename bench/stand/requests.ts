import { once } from 'node:events';
import { type Agent, type IncomingMessage, request } from 'node:http';

/** One request over a kept connection; throws unless it is answered with one of `expected`. What is sent must do no harm when it comes twice. */
export async function send(agent: Agent, url: string, method: string, headers: Record<string, string>, body: Uint8Array | null, expected: readonly number[]): Promise<{ headers: IncomingMessage['headers']; text: string }> {
  const outgoing = request(url, { method, agent, headers: { ...headers, 'content-length': String(body?.length ?? 0) } });
  outgoing.end(body ?? undefined);
  try {
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if (!expected.includes(incoming.statusCode ?? 0)) throw new Error(`${method} ${url}: ${incoming.statusCode} ${text}`);
    return { headers: incoming.headers, text };
  } catch (error) {
    // On a busy machine the server may close a kept connection in the moment in which it is used again.
    if (outgoing.reusedSocket && error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return await send(agent, url, method, headers, body, expected);
    throw error;
  }
}

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** The headers of a tus creation that carries its whole body (docs/protocol.md, U1). */
export function uploadHeaders(token: string, library: string, sha256: string, bytes: number, name: string): Record<string, string> {
  return {
    'authorization': `Bearer ${token}`,
    'tus-resumable': '1.0.0',
    'content-type': 'application/offset+octet-stream',
    'upload-length': String(bytes),
    'upload-metadata': `library ${encode(library)},sha256 ${encode(sha256)},filename ${encode(name)}`,
  };
}

/** Runs `work` for 0 … count-1, `parallel` at a time. */
export async function inParallel(count: number, parallel: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}
