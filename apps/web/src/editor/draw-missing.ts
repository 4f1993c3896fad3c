import type { AssetId, LibraryId } from '@everroll/protocol';
import type { Assets } from '../device/contract.ts';
import { keepFreshLook } from '../timeline/fresh-looks.ts';
import { drawLook, pixelsOf } from './local-look.ts';
import { unadjustedPicture } from './picture-source.ts';

const drawing = new Map<string, Promise<boolean>>();

/**
 * Draws an adjusted photo whose rendition cannot be had now (offline, or not made yet) from the picture
 * of its file that this browser keeps. False: it keeps none, or the photo is not an adjusted one.
 */
export function drawMissing(assets: Assets, library: LibraryId, id: AssetId, shown: string): Promise<boolean> {
  const before = drawing.get(shown);
  if (before) return before;
  const drawn = draw(assets, library, id, shown).finally(() => drawing.delete(shown));
  drawing.set(shown, drawn);
  return drawn;
}

async function draw(assets: Assets, library: LibraryId, id: AssetId, shown: string): Promise<boolean> {
  const view = await assets.get(id);
  const look = view?.shown === shown ? view.look : null;
  if (look === null) return false;
  const { signal } = new AbortController();
  const picture = await unadjustedPicture(assets, library, id, look.over, 'preview', signal);
  if (picture === null) return false;
  keepFreshLook(shown, await drawLook(pixelsOf(picture), look.recipe));
  picture.close();
  return true;
}
