import type { DiskFile } from './disk-fs.ts';
import { OriginalShort } from './store.ts';

/** Few enough calls for a fast disk, little enough memory for a hundred slow readers. */
const CHUNK_BYTES = 256 * 1024;

/** Bytes `start` to before `end` of an open file, read as the reader asks for them; closes the file. */
export function streamRange(file: DiskFile, start: number, end: number): ReadableStream<Uint8Array> {
  let at = start;
  let left = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        if (at < end) {
          const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
          const bytes = await file.read(chunk, at);
          if (left) return;
          if (bytes === 0) throw new OriginalShort(`ends at ${at}, ${end} expected`);
          at += bytes;
          controller.enqueue(chunk.subarray(0, bytes));
        }
        if (at < end) return;
        await file.close();
        controller.close();
      } catch (error) {
        // A reader that left closed the file under this read: that is no fault of the original.
        if (left) return;
        await file.close().catch(() => undefined);
        controller.error(error);
      }
    },
    cancel: () => {
      left = true;
      return file.close();
    },
  });
}

export async function* readAll(file: DiskFile): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; ; ) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const bytes = await file.read(chunk, at);
      if (bytes === 0) return;
      at += bytes;
      yield chunk.subarray(0, bytes);
    }
  } finally {
    await file.close();
  }
}
