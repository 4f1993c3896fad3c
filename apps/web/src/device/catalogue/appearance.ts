import { adjustedSize } from '@everroll/media/adjust';
import { type Asset, lookOf } from '@everroll/protocol';

/** How an asset looks in the timeline: its shape, and what stands there until its picture is there. */
export interface Appearance {
  /** Pixels; null: not known. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** base64; null: there is none that fits. */
  readonly thumbhash: string | null;
}

/** Of an adjusted photo as the server has drawn it; until then its shape is worked out, and the placeholder would be of another picture. */
export function appearanceOf(asset: Asset): Appearance {
  const { width, height, thumbhash, adjusted } = asset.details ?? {};
  const size = width === undefined || height === undefined ? null : { width, height };
  const look = lookOf(asset);
  if (look === null) return { size, thumbhash: thumbhash ?? null };
  if (adjusted?.revision === look.id) return { size: adjusted, thumbhash: adjusted.thumbhash ?? null };
  return { size: size && adjustedSize(look.recipe, size), thumbhash: null };
}
