import type { AssetId, LibraryId } from '@everroll/protocol';
import { renditionUrl } from '../device/contract.ts';

/** A copy of 50 megapixels takes some seconds, behind others a minute. */
const TRIES = 60;
const AGAIN_MS = 2000;

/** An adjusted photo at the size of its original, which the server makes when it is asked; null: it cannot be had now. */
export async function editedCopy(library: LibraryId, asset: AssetId, shown: string, signal: AbortSignal): Promise<Blob | null> {
  for (let tried = 0; tried < TRIES && !signal.aborted; tried += 1) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is made
    const answer = await fetch(renditionUrl(library, asset, 'edited', shown), { signal }).catch(() => null);
    // oxlint-disable-next-line no-await-in-loop
    if (answer?.status === 200) return await answer.blob();
    if (answer?.status !== 202) return null;
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => {
      setTimeout(resolve, AGAIN_MS);
    });
  }
  return null;
}
