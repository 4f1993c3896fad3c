import { DAY_MS } from '../strings/format.ts';
import type { TimelineColumns } from './layout.ts';

/** A month or a year of a timeline whose days fall. */
export interface Period {
  /** The first day of the month or the year, in days since 1970. */
  readonly day: number;
  readonly year: number;
  readonly first: number;
  readonly count: number;
}

export function periodsOf({ days, count }: TimelineColumns, of: 'months' | 'years'): readonly Period[] {
  const periods: Period[] = [];
  for (let first = 0; first < count; ) {
    const date = new Date((days[first] ?? 0) * DAY_MS);
    const year = date.getUTCFullYear();
    const start = new Date(0);
    // `Date.UTC` takes years below 100 for ones of the 20th century.
    start.setUTCFullYear(year, of === 'months' ? date.getUTCMonth() : 0, 1);
    const day = start.getTime() / DAY_MS;
    let [low, high] = [first, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((days[middle] ?? 0) >= day) low = middle + 1;
      else high = middle;
    }
    periods.push({ day, year, first, count: low - first });
    first = low;
  }
  return periods;
}
