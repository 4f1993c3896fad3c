import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { HashThread } from './hash-thread.ts';

const KB = 1024;
const batch = (fill: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(64 * KB)).fill(fill);
const expected = (...fills: number[]): string => fills.reduce((hash, fill) => hash.update(batch(fill)), createHash('sha256')).digest('hex');

test('files whose batches come by turns are told apart, and a batch may be used again when it was taken', async () => {
  const thread = new HashThread();
  const [one, two, empty] = [thread.begin(), thread.begin(), thread.begin()];
  const bytes = batch(1);
  await one.update(bytes);
  bytes.fill(2);
  await two.update(bytes);
  bytes.fill(3);
  await one.update(bytes);
  expect(await Promise.all([two.end(), one.end(), empty.end()])).toEqual([expected(2), expected(1, 3), expected()]);
});

test.each([
  ['ends at once', 'process.exit()'],
  ['fails', "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('broken'); });"],
  ['cannot be had', '}'],
])('where the thread %s, a hash is not known, and nothing waits for it', async (_what, code) => {
  const thread = new HashThread(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  for (let turn = 0; turn < 2; turn += 1) {
    const file = thread.begin();
    await file.update(batch(1));
    await file.update(batch(2));
    expect(await file.end()).toBeUndefined();
  }
});

test('what comes after the thread has ended in the middle of a file makes no hash of a part', async () => {
  const thread = new HashThread(new URL(`data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.once('message', (message) => { parentPort.postMessage({ file: message.file, sha256: null }); process.exit(); });")}`));
  const file = thread.begin();
  await file.update(batch(1));
  await new Promise((resolve) => setTimeout(resolve, 200));
  await file.update(batch(2));
  expect(await file.end()).toBeUndefined();
});
