/**
 * `node:zlib` in a browser. Browsers undo Brotli for HTTP alone: the date in a JPEG XL whose metadata
 * is packed is not read here, and such a file goes up with the time at which it was written.
 */
export function brotliDecompressSync(): Uint8Array {
  throw new Error('a browser unpacks no Brotli');
}
