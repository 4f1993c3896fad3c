import type { AssetId, LibraryId, Recipe, Sha256 } from '@everroll/protocol';
import type { Assets } from '../device/contract.ts';
import { drawLook, pixelsOf } from './local-look.ts';
import { unadjustedPicture } from './picture-source.ts';

/** A small picture of a look that is offered; null: its file's picture cannot be had now. */
export async function drawOffered(assets: Assets, library: LibraryId, asset: AssetId, over: Sha256, recipe: Recipe, signal: AbortSignal): Promise<Blob | null> {
  const picture = await unadjustedPicture(assets, library, asset, over, 'thumb', signal);
  if (picture === null) return null;
  const { thumb } = await drawLook(pixelsOf(picture), recipe);
  picture.close();
  return thumb;
}
