import type { Period } from './periods.ts';
import { has, type Photo, type RowStore } from './row-store.ts';

/** So many photos of a period are looked at for its picture. */
export const COVER_CHOICE = 60;

/** The photo that stands for a period: one that a person loves, else one that somebody took rather than saved. */
export function coverOf(rows: RowStore, period: Period): Photo | undefined {
  let best: Photo | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (let position = period.first; position < period.first + Math.min(period.count, COVER_CHOICE); position += 1) {
    const photo = rows.photo(position);
    const worth = photo === undefined ? Number.NEGATIVE_INFINITY : worthOf(photo);
    if (worth > most) [best, most] = [photo, worth];
  }
  return best;
}

function worthOf(photo: Photo): number {
  let worth = 0;
  if (has(photo, 'favourite')) worth += 8;
  if (has(photo, 'livePhoto') || has(photo, 'placed')) worth += 2;
  if (has(photo, 'hasCaption')) worth += 1;
  if (has(photo, 'video') || has(photo, 'panorama')) worth -= 2;
  if (has(photo, 'noPicture') || has(photo, 'onlyHere')) worth -= 20;
  return worth;
}
