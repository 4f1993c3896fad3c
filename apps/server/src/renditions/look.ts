import { createHash } from 'node:crypto';
import { type Asset, lookOf, type Recipe, recipeText, type RevisionId, type Sha256 } from '@everroll/protocol';
import type { RenditionTask } from '../database/schema.ts';

/** A photo as a person adjusted it: what is drawn of it. */
export interface Look {
  readonly revision: RevisionId;
  /** Of the file that it is a look of. */
  readonly over: Sha256;
  readonly recipe: Recipe;
  /** Draws its thumbnail and preview. */
  readonly adjusted: RenditionTask;
  /** Draws it at the size of its original. */
  readonly edited: RenditionTask;
}

/** null: the asset is shown as it was taken. So is one whose adjusted file it does not have, as no rule makes and a device may offer. */
export function currentLook(asset: Pick<Asset, 'resources' | 'adjustments'>): Look | null {
  const look = lookOf(asset);
  if (!look || !asset.resources.some(({ sha256 }) => sha256 === look.over)) return null;
  // By what it looks like, not by the revision: ids come from devices, and other people's devices may name the same.
  const hash = createHash('sha256').update(`${look.over} ${recipeText(look.recipe)}`).digest('hex');
  return { revision: look.id, over: look.over, recipe: look.recipe, adjusted: `adjusted:${hash}`, edited: `edited:${hash}` };
}
