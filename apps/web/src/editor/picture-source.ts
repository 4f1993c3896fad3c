import type { AssetId, LibraryId } from '@everroll/protocol';
import type { Assets } from '../device/contract.ts';
import { renditionUrl } from '../device/contract.ts';

/** A rendition that is not made yet is asked for again after this. */
const AGAIN_MS = 2000;

/**
 * The picture as it was taken: at the size of a screen or smaller, from the server or from what this
 * browser keeps of it, else its thumbnail, else from the file that is about to be sent. null: none can be had now.
 * @param over the file that a look is of
 */
export async function unadjustedPicture(assets: Assets, library: LibraryId, asset: AssetId, over: string, rendition: 'thumb' | 'preview', signal: AbortSignal): Promise<ImageBitmap | null> {
  const found = (await fetched(renditionUrl(library, asset, rendition, over), signal)) ?? (rendition === 'preview' ? await fetched(renditionUrl(library, asset, 'thumb', over), signal) : null);
  const picture = found ?? (signal.aborted ? null : await assets.localPicture(asset));
  return picture === null ? null : await bitmapOf(picture);
}

/** Waits for what is being made; null: it cannot be had. */
async function fetched(address: string, signal: AbortSignal): Promise<Blob | null> {
  while (!signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is made
    const answer = await fetch(address, { signal }).catch(() => null);
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

/** The longest edge that is worked on here: as large as a preview. */
const EDGE_MAX_PX = 1440;

/** Upright, in sRGB. null: this browser cannot draw it. */
async function bitmapOf(blob: Blob): Promise<ImageBitmap | null> {
  const whole = await createImageBitmap(blob).catch(() => null);
  if (whole === null) return null;
  const scale = EDGE_MAX_PX / Math.max(whole.width, whole.height);
  if (scale >= 1) return whole;
  const small = await createImageBitmap(whole, { resizeWidth: Math.round(whole.width * scale), resizeHeight: Math.round(whole.height * scale), resizeQuality: 'high' });
  whole.close();
  return small;
}
