import type { TimelineLayout } from './layout.ts';

/** The last index whose value is at most `wanted`; 0 where none is. */
export function lastAtMost(values: ArrayLike<number>, length: number, wanted: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

export const rowOf = (layout: TimelineLayout, photo: number): number => lastAtMost(layout.rowFirst, layout.rows, photo);
export const dayOf = (layout: TimelineLayout, photo: number): number => lastAtMost(layout.dayFirst, layout.days, photo);

/** The rows that are between two heights of the whole timeline, as `[first, end)`. */
export function rowsBetween(layout: TimelineLayout, top: number, bottom: number): readonly [first: number, end: number] {
  if (layout.rows === 0) return [0, 0];
  const first = lastAtMost(layout.rowTop, layout.rows, top);
  return [first, Math.min(layout.rows, lastAtMost(layout.rowTop, layout.rows, bottom) + 1)];
}

/** The photo above or below, the one whose middle is nearest; the same where there is no further row. */
export function photoAcross(layout: TimelineLayout, photo: number, rows: 1 | -1): number {
  const row = rowOf(layout, photo) + rows;
  if (row < 0 || row >= layout.rows) return photo;
  const middle = (layout.x[photo] ?? 0) + (layout.width[photo] ?? 0) / 2;
  const first = layout.rowFirst[row] ?? 0;
  const end = layout.rowFirst[row + 1] ?? first + 1;
  let nearest = first;
  let distance = Number.POSITIVE_INFINITY;
  for (let other = first; other < end; other += 1) {
    const away = Math.abs((layout.x[other] ?? 0) + (layout.width[other] ?? 0) / 2 - middle);
    if (away < distance) [nearest, distance] = [other, away];
  }
  return nearest;
}
