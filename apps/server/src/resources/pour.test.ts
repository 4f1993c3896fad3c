import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { pourInto } from './pour.ts';

const PIECE = 64 * 1024;

type Pour = Parameters<typeof pourInto>[2];

/** A server that answers with what `pour` gives, and says what became of it. */
async function serving(bytes: number, pour: Pour) {
  const failures: string[] = [];
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const server = createServer((_, outgoing) => void pourInto(outgoing, { status: 200, headers: { 'content-length': String(bytes) } }, pour, (error) => failures.push(String(error))).then(end));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const [answer] = (await once(get({ port: (server.address() as AddressInfo).port }), 'response')) as [IncomingMessage];
  return { answer, failures, ended, close: () => server.close() };
}

/** One buffer, written over with another value as soon as it was taken. */
const inOneBuffer = (pieces: number, after: () => void = () => undefined): Pour => async (take) => {
  const buffer = Buffer.alloc(PIECE);
  for (let piece = 0; piece < pieces; piece += 1) await take(buffer.fill(piece));
  after();
};

test('every byte goes out as it was when it was handed over, with what every answer says to a browser', async () => {
  const { answer, failures, ended, close } = await serving(100 * PIECE, inOneBuffer(100));
  const chunks: Buffer[] = [];
  for await (const chunk of answer) {
    chunks.push(Buffer.from(chunk as Buffer));
    // A slow reader: the server's next piece must not overwrite what the system has not taken.
    await nextTurn();
  }
  const got = Buffer.concat(chunks);
  expect(got.length).toBe(100 * PIECE);
  expect(Array.from({ length: 100 }, (_, piece) => got.subarray(piece * PIECE, (piece + 1) * PIECE).equals(Buffer.alloc(PIECE, piece)))).not.toContain(false);
  expect(answer.headers).toMatchObject({ 'cross-origin-resource-policy': 'same-origin', 'referrer-policy': 'no-referrer' });
  await ended;
  expect(failures).toEqual([]);
  close();
});

test('a reader that leaves ends the pouring, and is no fault', async () => {
  let isWhole = false;
  const { answer, failures, ended, close } = await serving(10_000 * PIECE, inOneBuffer(10_000, () => (isWhole = true)));
  await once(answer, 'readable');
  answer.destroy();
  await ended;
  expect([isWhole, failures]).toEqual([false, []]);
  close();
});

test('a source that fails cuts the connection, so that nobody takes a part for the whole', async () => {
  const { answer, failures, ended, close } = await serving(2 * PIECE, async (take) => {
    await take(Buffer.alloc(PIECE));
    throw new Error('the disk gave up');
  });
  answer.resume();
  const [error] = (await once(answer, 'error')) as [Error & { code?: string }];
  expect(error.code).toBe('ECONNRESET');
  await ended;
  expect(failures).toEqual(['Error: the disk gave up']);
  close();
});
