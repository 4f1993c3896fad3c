import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import { Sha256 } from '@everroll/protocol';
import type { DiskPath } from './local-path.ts';

const CHUNK_BYTES = 1024 * 1024;

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
    const size = Math.max(1, Math.min(CHUNK_BYTES, Number(before.size)));
    const hash = createHash('sha256');
    let reading = Buffer.allocUnsafe(size);
    let spare = Buffer.allocUnsafe(size);
    let bytes = 0;
    let read = await handle.read(reading, 0, size, 0);
    while (read.bytesRead > 0) {
      signal?.throwIfAborted();
      const full = reading.subarray(0, read.bytesRead);
      bytes += read.bytesRead;
      const next = handle.read(spare, 0, size, bytes);
      hash.update(full);
      [reading, spare] = [spare, reading];
      read = await next;
    }
    return { sha256: Sha256.parse(hash.digest('hex')), bytes, before, after: await handle.stat({ bigint: true }) };
  } finally {
    await handle.close();
  }
}
