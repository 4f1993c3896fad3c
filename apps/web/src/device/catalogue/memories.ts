import type { AssetId } from '@everroll/protocol';
import type { Memory } from '../contract/assets.ts';
import { RowFlag } from '../contract/collections.ts';
import type { Catalogue } from './catalogue.ts';
import { kindBit } from './describe.ts';

const DAY_MS = 86_400_000;
const LEFT_OUT = RowFlag.hidden | RowFlag.archived | RowFlag.noPicture;
/** So many days before and after are looked at. */
const DAYS_AROUND = 3;
/** A day beside today's needs as many photos to be worth a look; of today's own one is enough. */
const FEWEST_BESIDE = 4;
/** Nobody looks at more at a time. */
const MOST = 24;
/** Of photos that follow each other so closely one is shown. */
const SERIES_MS = 20_000;
/** A town that so many of a day's photos are in gives it its name. */
const MOST_IN_TOWN = 0.6;

/**
 * What was taken on this day of earlier years, and on the days beside it: today's day first, the latest
 * year first. Each is a choice: favourites, and of a series one.
 * @param today `2026-11-23`
 */
export function memoriesOf(catalogue: Catalogue, today: string): Memory[] {
  const { columns } = catalogue;
  return [...daysOf(catalogue, today, daysAround())].map(({ from, yearsAgo, beside, slots, chosen, cover }) => ({
    day: Math.round(from / DAY_MS),
    yearsAgo,
    isToday: beside === 0,
    total: slots.length,
    // As the day went.
    assets: chosen.map((slot) => columns.idAt(slot) as AssetId).toReversed(),
    cover: { id: columns.idAt(cover) as AssetId, shown: columns.shownAt(cover) },
    place: placeOf(catalogue, slots),
  }));
}

/** Whether there are memories of this very day. */
export function isRemembered(catalogue: Catalogue, today: string): boolean {
  return daysOf(catalogue, today, [0]).next().done !== true;
}

interface Day {
  /** Its beginning, as UTC. */
  readonly from: number;
  readonly yearsAgo: number;
  readonly beside: number;
  readonly slots: readonly number[];
  readonly chosen: readonly number[];
  readonly cover: number;
}

function* daysOf(catalogue: Catalogue, today: string, around: readonly number[]): Generator<Day> {
  const { columns, live } = catalogue;
  const { localTimes } = columns.data;
  const thisDay = Date.parse(`${today}T00:00:00Z`);
  const oldest = live.at(-1);
  if (Number.isNaN(thisDay) || oldest === undefined) return;
  const thisYear = new Date(thisDay).getUTCFullYear();
  const firstYear = new Date(localTimes[oldest] ?? 0).getUTCFullYear();
  for (const beside of around) {
    const day = new Date(thisDay + beside * DAY_MS);
    for (let yearsAgo = 1; yearsAgo <= thisYear - firstYear + 1; yearsAgo += 1) {
      const from = Date.UTC(day.getUTCFullYear() - yearsAgo, day.getUTCMonth(), day.getUTCDate());
      // The 29th of February is no day of most years.
      if (new Date(from).getUTCDate() !== day.getUTCDate()) continue;
      const slots = [...live.subarray(firstBefore(localTimes, live, from + DAY_MS), firstBefore(localTimes, live, from))].filter((slot) => ((columns.data.flags[slot] ?? 0) & LEFT_OUT) === 0);
      const chosen = choice(catalogue, slots);
      const cover = coverOf(catalogue, chosen);
      if (cover === undefined || chosen.length < (beside === 0 ? 1 : FEWEST_BESIDE)) continue;
      yield { from, yearsAgo, beside, slots, chosen, cover };
    }
  }
}

/** 0, -1, 1, -2, 2 … */
function daysAround(): number[] {
  return [0, ...Array.from({ length: DAYS_AROUND }, (_, at) => [-at - 1, at + 1]).flat()];
}

/** Of the newest-first photos of a day: no screenshots, of a series its favourite or its first, and where there are many still, evenly over the day. */
function choice({ columns }: Catalogue, slots: readonly number[]): number[] {
  const { flags, kinds, localTimes } = columns.data;
  const isFavourite = (slot: number): boolean => ((flags[slot] ?? 0) & RowFlag.favourite) !== 0;
  const chosen: number[] = [];
  for (const slot of slots) {
    if (((kinds[slot] ?? 0) & kindBit.screenshot) !== 0) continue;
    const last = chosen.at(-1);
    const isSeries = last !== undefined && (localTimes[last] ?? 0) - (localTimes[slot] ?? 0) < SERIES_MS;
    if (!isSeries) chosen.push(slot);
    else if (isFavourite(slot) && !isFavourite(last)) chosen[chosen.length - 1] = slot;
    else if (isFavourite(slot)) chosen.push(slot);
  }
  if (chosen.length <= MOST) return chosen;
  const loved = chosen.filter(isFavourite).slice(0, MOST);
  const others = chosen.filter((slot) => !isFavourite(slot));
  const room = MOST - loved.length;
  const spread = new Set([...loved, ...Array.from({ length: room }, (_, at) => others[Math.floor((at * others.length) / room)] ?? -1)]);
  return chosen.filter((slot) => spread.has(slot));
}

function coverOf({ columns }: Catalogue, slots: readonly number[]): number | undefined {
  const has = (slot: number, flag: number): boolean => ((columns.data.flags[slot] ?? 0) & flag) !== 0;
  return slots.find((slot) => has(slot, RowFlag.favourite)) ?? slots.find((slot) => !has(slot, RowFlag.video)) ?? slots[0];
}

function placeOf(catalogue: Catalogue, slots: readonly number[]): string | null {
  const ids = slots.map((slot) => catalogue.columns.idAt(slot));
  const [most] = catalogue.towns.among(ids);
  return most !== undefined && most.ids.length >= Math.max(1, ids.length * MOST_IN_TOWN) ? `${most.town.name}, ${most.country}` : null;
}

/** The first position whose time lies before `time`; the order is newest first. */
function firstBefore(times: Float64Array, order: Uint32Array, time: number): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[order[middle] ?? 0] ?? 0) >= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
