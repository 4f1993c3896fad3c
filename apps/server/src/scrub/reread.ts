import type { Sha256 } from '@everroll/protocol';
import type { UploadDesk } from '../uploads/desk.ts';
import { type Found, hashOnce, isOfThisFile } from './hash-once.ts';
import { noteLost } from './lost.ts';

/**
 * Reads an original to its end. A damaged one is read a second time before it counts as lost and is
 * moved out of the way, so that a fault of a cable or of memory condemns nothing; and it is kept, as it
 * may be all that is left of a photo. That it is missing is left to the caller, who knows whether the
 * store is there at all.
 */
export async function reread(desk: UploadDesk, sha256: Sha256, bytes: number): Promise<Found> {
  const { originals } = desk.services;
  if ((await hashOnce(originals, sha256, bytes)) === 'sound') return 'sound';
  return await desk.locks.run(sha256, async () => {
    // An upload may have put the right one in its place meanwhile, or someone else have noted what it is.
    const found = await hashOnce(originals, sha256, bytes);
    if (found !== 'damaged') return found;
    await setAside(desk, sha256);
    if ((await noteLost(desk, [sha256], found)) > 0) tellLost(desk, sha256, bytes, found);
    return found;
  });
}

/** For the server's log: whose disk loses originals should hear of it. */
export function tellLost({ services: { log } }: UploadDesk, sha256: Sha256, bytes: number, found: Found): void {
  log.error('an original is lost; a device that has it is asked for it', { sha256, bytes, found });
}

async function setAside({ services: { originals, clock, log } }: UploadDesk, sha256: Sha256): Promise<void> {
  try {
    await originals.setAsideDamaged(sha256, clock.now());
  } catch (error) {
    if (!isOfThisFile(error)) throw error;
    // A disk that cannot read it may be unable to move it. It counts as lost all the same, and an upload takes its place.
    log.warn('a damaged original could not be set aside', { sha256, error: String(error) });
  }
}
