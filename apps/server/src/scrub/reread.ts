import { createHash } from 'node:crypto';
import type { Sha256 } from '@everroll/protocol';
import { diskErrorCode } from '../originals/disk-fs.ts';
import { presentBytes } from '../originals/present.ts';
import { OriginalShort, type OriginalStore } from '../originals/store.ts';
import type { UploadDesk } from '../uploads/desk.ts';

export type Found = 'sound' | 'missing' | 'damaged';

/** What says of the process or the machine that it has no more of something, and nothing of one file. */
const shortages: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * Reads an original to its end and compares its hash. A damaged one is read a second time before it is
 * moved out of the way, so that a fault of a cable or of memory condemns nothing; and it is kept, as
 * it may be all that is left of a photo.
 */
export async function reread(desk: UploadDesk, sha256: Sha256, bytes: number): Promise<Found> {
  const { originals, clock, log } = desk.services;
  if ((await hashOnce(originals, sha256, bytes)) === 'sound') return 'sound';
  return await desk.locks.run(sha256, async () => {
    // An upload may have put the right one in its place meanwhile.
    const found = await hashOnce(originals, sha256, bytes);
    if (found !== 'damaged') return found;
    try {
      await originals.setAsideDamaged(sha256, clock.now());
    } catch (error) {
      if (!isOfThisFile(error)) throw error;
      // A disk that cannot read it may be unable to move it. It counts as lost all the same, and an upload takes its place.
      log.warn('a damaged original could not be set aside', { sha256, error: String(error) });
    }
    return found;
  });
}

/** Reads it to its end, once. */
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

function isOfThisFile(error: unknown): boolean {
  const code = diskErrorCode(error);
  return code !== undefined && !shortages.has(code);
}
