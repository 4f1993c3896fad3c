/** The other side of `HashThread`: hashes what lies in shared memory, and says when it has. */
import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { BatchHashed, ToHash } from './hash-thread.ts';

const hashes = new Map<number, Hash>();

parentPort?.on('message', ({ file, bytes, ends }: ToHash) => {
  const hash = hashes.get(file) ?? createHash('sha256');
  if (bytes) hash.update(bytes);
  if (ends) hashes.delete(file);
  else hashes.set(file, hash);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage({ file, sha256: ends ? hash.digest('hex') : null } satisfies BatchHashed);
});
