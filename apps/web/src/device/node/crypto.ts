import { createMD5 } from 'hash-wasm';

const md5 = await createMD5();

/** `node:crypto` in a browser, as far as the readers of media use it: the digest that Photoshop keeps of its captions. */
export function createHash(_name: 'md5'): { update(bytes: Uint8Array): { digest(encoding: 'hex'): string } } {
  return { update: (bytes) => ({ digest: () => md5.init().update(bytes).digest('hex') }) };
}
