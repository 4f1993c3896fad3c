import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import { Sha256 } from '@everroll/protocol';
import type { DiskPath } from './local-path.ts';

const CHUNK_BYTES = 512 * 1024;
/** Buffers that are free again. Left to the garbage collector, they make it look at the whole heap every few files. */
const spare: Buffer[] = [];
/** As many as are read at once, of the few files that are. */
const SPARE_MAX = 8;

export interface Hashed {
  readonly sha256: Sha256;
  readonly bytes: number;
  /** The file before the first and after the last byte was read. */
  readonly before: BigIntStats;
  readonly after: BigIntStats;
}

/** One pass over a file; the next chunk is read while the one before is hashed. */
export async function hashFile(path: DiskPath, signal?: AbortSignal): Promise<Hashed> {
  const handle = await open(path, 'r');
  try {
    const before = await handle.stat({ bigint: true });
    const hash = createHash('sha256');
    let [reading, other] = [spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES), spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)];
    let bytes = 0;
    let read = await handle.read(reading, 0, CHUNK_BYTES, 0);
    while (read.bytesRead > 0) {
      signal?.throwIfAborted();
      const full = reading.subarray(0, read.bytesRead);
      bytes += read.bytesRead;
      const next = handle.read(other, 0, CHUNK_BYTES, bytes);
      hash.update(full);
      [reading, other] = [other, reading];
      read = await next;
    }
    // Not after a failure: a read may still be under way.
    for (const buffer of [reading, other]) if (spare.length < SPARE_MAX) spare.push(buffer);
    return { sha256: Sha256.parse(hash.digest('hex')), bytes, before, after: await handle.stat({ bigint: true }) };
  } finally {
    await handle.close();
  }
}
