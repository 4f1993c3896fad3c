/** What the readers of media take of Node, and the build takes from the files beside this one. */
declare module 'node:crypto' {
  export function createHash(name: 'md5'): { update(bytes: Uint8Array): { digest(encoding: 'hex'): string } };
}

declare module 'node:zlib' {
  export function brotliDecompressSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}
