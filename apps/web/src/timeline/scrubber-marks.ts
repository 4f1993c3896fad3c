import { DAY_MS } from '../strings/format.ts';
import type { TimelineColumns, TimelineLayout } from './layout.ts';
import { rowOf } from './positions.ts';

export interface Mark {
  /** A day of that month. */
  readonly day: number;
  /** Where the month begins in the layout, in pixels. */
  readonly top: number;
  /** The first of its year that has room: it is labelled. */
  readonly year: number | null;
}

/** The months of a timeline on the scrubber's rail, years where they do not run into each other. */
export function marksOf({ days, count }: TimelineColumns, layout: TimelineLayout, railHeight: number): readonly Mark[] {
  const marks: Mark[] = [];
  let labelAt = Number.NEGATIVE_INFINITY;
  let year = Number.NaN;
  for (let photo = 0; photo < count; ) {
    const date = new Date((days[photo] ?? 0) * DAY_MS);
    const monthBegins = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
    const top = layout.rowTop[rowOf(layout, photo)] ?? 0;
    const at = layout.height === 0 ? 0 : (top / layout.height) * railHeight;
    const isNewYear = date.getUTCFullYear() !== year && at - labelAt >= LABEL_PX;
    if (isNewYear) labelAt = at;
    marks.push({ day: days[photo] ?? 0, top, year: isNewYear ? date.getUTCFullYear() : null });
    year = date.getUTCFullYear();
    photo = firstBefore(days, photo, count, monthBegins);
  }
  return marks;
}

const LABEL_PX = 22;

/** The first photo from `from` on that was taken before this day; days fall. */
function firstBefore(days: Int32Array, from: number, count: number, day: number): number {
  let [low, high] = [from, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] ?? 0) >= day) low = middle + 1;
    else high = middle;
  }
  return low;
}
