import { Buffer } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { type Bytes, type SourceEntry, TransferError } from '@everroll/engine';
import { isAbsent, isDiskFault, textOf } from './disk-faults.ts';
import { isSameFile, isUntouched } from './entry.ts';
import type { DiskPath } from './local-path.ts';

/** Large enough that calls do not count, small enough that eight uploads hold 2 MB. */
const CHUNK_BYTES = 256 * 1024;

/**
 * `length` bytes from `from` of the file that was listed as `expected`. The last chunk is given out
 * only when the file is seen unchanged behind it: what is torn never reaches its announced length.
 * Each chunk is a buffer of its own, since its receiver may hold it until the network took it.
 */
export async function* readFile(path: DiskPath, expected: SourceEntry, from: number, length: number): Bytes {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const before = await handle.stat({ bigint: true });
    if (!isSameFile(expected, before)) throw changed('it is not the file that was listed');
    let at = from;
    const end = from + length;
    while (at < end) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw changed('it became shorter while it was being read');
      at += bytesRead;
      if (at === end && !isUntouched(before, await handle.stat({ bigint: true }))) throw changed('it was written while it was being read');
      yield bytesRead === chunk.length ? chunk : chunk.subarray(0, bytesRead);
    }
  } catch (error) {
    if (isAbsent(error)) throw new TransferError('vanished', textOf(error));
    if (isDiskFault(error)) throw new TransferError('unreadable', textOf(error));
    throw error;
  } finally {
    await handle?.close();
  }
}

const changed = (detail: string): TransferError => new TransferError('changed_during_upload', detail);
