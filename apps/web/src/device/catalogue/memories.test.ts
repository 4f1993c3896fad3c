import type { Driver } from '@everroll/engine';
import { describe, expect, test } from 'vitest';
import { RowFlag } from '../contract/collections.ts';
import type { Catalogue } from './catalogue.ts';
import { Columns, SlotState } from './columns.ts';
import { kindBit } from './describe.ts';
import { memoriesOf } from './memories.ts';
import { orderOf } from './order.ts';

interface Taken {
  readonly at: string;
  readonly flags?: number;
  readonly kinds?: number;
}

/** A catalogue in memory, and the number of each photo by its id. */
function libraryOf(photos: readonly Taken[]): { readonly catalogue: Catalogue; readonly numbers: (ids: readonly string[]) => number[] } {
  const columns = new Columns();
  const id = (at: number): string => (at + 1).toString(16).padStart(32, '0');
  photos.forEach(({ at, flags = 0, kinds = 0 }, number) => {
    const time = Date.parse(`${at}Z`);
    columns.put({ id: id(number), isTrashed: false, shown: '0'.repeat(64), flags, localTime: time, orderedBy: time, durationMs: 0, ratio: 1000, thumbhash: new Uint8Array(0), kinds });
  });
  const catalogue = { columns, live: orderOf(columns, SlotState.live), towns: { among: () => [] }, driver: null as unknown as Driver } as unknown as Catalogue;
  return { catalogue, numbers: (ids) => ids.map((each) => Number.parseInt(each, 16) - 1) };
}

describe('memories', () => {
  test('this day of earlier years, the latest year first; not this year’s, not the days beside it', () => {
    const { catalogue, numbers } = libraryOf([{ at: '2026-11-23T09:00' }, { at: '2024-11-23T09:00' }, { at: '2021-11-23T23:59' }, { at: '2021-11-24T00:00' }, { at: '2020-05-01T12:00' }]);
    const memories = memoriesOf(catalogue, '2026-11-23');
    expect(memories.map(({ yearsAgo, isToday, assets }) => [yearsAgo, isToday, numbers(assets)])).toEqual([
      [2, true, [1]],
      [5, true, [2]],
    ]);
  });

  test('a day beside it is told where it has some, after today’s own', () => {
    const beside = ['08', '09', '10', '11'].map((hour) => ({ at: `2023-11-25T${hour}:00` }));
    const { catalogue } = libraryOf([...beside, { at: '2019-11-23T10:00' }]);
    expect(memoriesOf(catalogue, '2026-11-23').map(({ yearsAgo, isToday, total }) => [yearsAgo, isToday, total])).toEqual([[7, true, 1], [3, false, 4]]);
  });

  test('the 29th of February is remembered in years that have one', () => {
    const { catalogue } = libraryOf([{ at: '2024-02-29T10:00' }, { at: '2023-03-01T10:00' }]);
    expect(memoriesOf(catalogue, '2028-02-29').filter(({ isToday }) => isToday).map(({ yearsAgo }) => yearsAgo)).toEqual([4]);
  });

  test('a choice: hidden ones and screenshots are left out, of a series its favourite is shown', () => {
    const { catalogue, numbers } = libraryOf([
      { at: '2024-11-23T10:00:00' },
      { at: '2024-11-23T10:00:05', flags: RowFlag.favourite },
      { at: '2024-11-23T10:00:09' },
      { at: '2024-11-23T11:00:00', kinds: kindBit.screenshot },
      { at: '2024-11-23T12:00:00', flags: RowFlag.hidden },
      { at: '2024-11-23T13:00:00' },
    ]);
    const [memory] = memoriesOf(catalogue, '2026-11-23');
    expect(numbers(memory?.assets)).toEqual([1, 5]);
    expect(numbers([memory?.cover.id])).toEqual([1]);
  });

  test('of very many photos some are shown, all favourites among them', () => {
    const many = Array.from({ length: 300 }, (_, at) => ({ at: `2024-11-23T${String(Math.floor(at / 60) + 8).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`, flags: at % 50 === 0 ? RowFlag.favourite : 0 }));
    const { catalogue, numbers } = libraryOf(many);
    const [memory] = memoriesOf(catalogue, '2026-11-23');
    expect(memory?.total).toBe(300);
    expect(memory?.assets.length).toBeLessThanOrEqual(24);
    expect(numbers(memory?.assets)).toEqual(expect.arrayContaining([0, 50, 100, 150, 200, 250]));
  });
});
