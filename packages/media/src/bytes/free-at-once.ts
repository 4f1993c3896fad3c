/**
 * Gives the memory of bytes back without waiting for the garbage collector. Nobody may look at them again. Megabytes
 * outside its heap make V8 mark the whole heap every few files, on several threads: 20 to 60 ms of CPU each time.
 */
export function freeAtOnce({ buffer, byteLength }: Uint8Array): void {
  // Only what is a buffer's own, never a piece of a shared pool.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !buffer.detached) buffer.transfer(0)
}
