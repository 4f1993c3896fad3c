import { createHash } from 'node:crypto';

const hashes = new WeakMap<Uint8Array, string>();

/** Contents are never changed in place, so each is hashed once. */
export function hashOf(content: Uint8Array): string {
  let hash = hashes.get(content);
  if (hash === undefined) {
    hash = createHash('sha256').update(content).digest('hex');
    hashes.set(content, hash);
  }
  return hash;
}
