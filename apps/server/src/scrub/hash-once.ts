import { createHash } from 'node:crypto';
import type { Sha256 } from '@everroll/protocol';
import { diskErrorCode } from '../originals/disk-fs.ts';
import { presentBytes } from '../originals/present.ts';
import { OriginalShort, type OriginalStore } from '../originals/store.ts';

export type Found = 'sound' | 'missing' | 'damaged';

/** What says of the process or the machine that it has no more of something, and nothing of one file. */
const shortages: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** Reads an original to its end, once, and compares its hash. One that cannot be read is damaged. */
export async function hashOnce(originals: OriginalStore, sha256: Sha256, bytes: number): Promise<Found> {
  const present = await presentBytes(originals, sha256);
  if (present === undefined) return 'missing';
  if (present !== bytes) return 'damaged';
  const hash = createHash('sha256');
  try {
    const stream = await originals.read(sha256, 0, bytes);
    if (stream === undefined) return 'missing';
    for await (const chunk of stream) hash.update(chunk);
  } catch (error) {
    if (error instanceof OriginalShort || isOfThisFile(error)) return 'damaged';
    throw error;
  }
  return hash.digest('hex') === sha256 ? 'sound' : 'damaged';
}

/** A fault of the disk that concerns this one file, as far as anybody can tell. */
export function isOfThisFile(error: unknown): boolean {
  const code = diskErrorCode(error);
  return code !== undefined && !shortages.has(code);
}
