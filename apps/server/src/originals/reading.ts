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

/** Buffers that were read into and are free: at most so many are kept, 8 MB. */
const SPARE_MAX = 32;
const PIECE_BYTES = 256 * 1024;
const spare: Buffer[] = [];

/**
 * Hands bytes `start` to before `end` of an open file to `take`, in order, and closes the file. A piece is
 * `take`'s until its promise resolves; then its memory is read into again, while the next one is taken. So
 * however large the file, two buffers carry it, and nothing is left to the garbage collector, which spends
 * more on megabytes outside its heap than all else of sending a file costs.
 */
export async function eachPiece(file: DiskFile, start: number, end: number, take: (piece: Uint8Array) => Promise<void>): Promise<void> {
  try {
    let [free, taken] = [spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES), spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES)];
    let taking = Promise.resolve();
    for (let at = start; at < end; ) {
      const bytes = await file.read(free.subarray(0, Math.min(PIECE_BYTES, end - at)), at);
      await taking;
      if (bytes === 0) throw new OriginalShort(`ends at ${at}, ${end} expected`);
      at += bytes;
      taking = take(free.subarray(0, bytes));
      // Awaited behind the next read; until then a failure is not unhandled.
      taking.catch(() => undefined);
      [free, taken] = [taken, free];
    }
    await taking;
    // After a failure whoever took a piece may still look at it.
    for (const buffer of [free, taken]) if (spare.length < SPARE_MAX) spare.push(buffer);
  } finally {
    await file.close();
  }
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
