import { expect, test } from 'vitest';
import { periodsOf } from './periods.ts';

const day = (text: string): number => Date.parse(text) / 86_400_000;
const days = Int32Array.from(['2024-03-31', '2024-03-01', '2024-02-29', '2023-12-31', '1969-12-31', '1969-01-01'].map(day));
const columns = { count: days.length, days, ratios: new Uint16Array(days.length) };

test('each photo is in one month and in one year, also before 1970', () => {
  expect(periodsOf(columns, 'months').map(({ day: at, first, count }) => [at, first, count])).toEqual([
    [day('2024-03-01'), 0, 2],
    [day('2024-02-01'), 2, 1],
    [day('2023-12-01'), 3, 1],
    [day('1969-12-01'), 4, 1],
    [day('1969-01-01'), 5, 1],
  ]);
  expect(periodsOf(columns, 'years').map(({ year, count }) => [year, count])).toEqual([
    [2024, 3],
    [2023, 1],
    [1969, 2],
  ]);
});
