import type { Sha256 } from '@everroll/protocol';

/** Of a file of any size, a piece at a time. @throws what the browser says of a file that cannot be read */
export async function sha256Of(content: Blob): Promise<Sha256> {
  const { createSHA256 } = await import('hash-wasm');
  const hash = await createSHA256();
  hash.init();
  const reader = content.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) hash.update(read.value);
  return hash.digest('hex') as Sha256;
}
