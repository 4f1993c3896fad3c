import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LayoutMeasure, layOut, type TimelineColumns } from './layout.ts';
import { dayOf, photoAcross, rowOf, rowsBetween } from './positions.ts';

const measure: LayoutMeasure = { width: 1200, rowHeight: 200, gap: 4, labelHeight: 36, labelWidth: 96, dayGap: 16 };

function columns(days: readonly (readonly number[])[]): TimelineColumns {
  const day = days.flatMap((aspects, index) => aspects.map(() => 20_000 - index));
  return { count: day.length, days: Int32Array.from(day), ratios: Uint16Array.from(days.flat(), (aspect) => Math.max(1, Math.round(aspect * 1000))) };
}

const libraries = fc.array(fc.array(fc.oneof(fc.constant(0), fc.float({ min: Math.fround(0.05), max: 12, noNaN: true })), { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 30 });
const widths = fc.integer({ min: 320, max: 3000 });

test('no two photos overlap, none stands outside, rows follow each other without touching', () => {
  fc.assert(
    fc.property(libraries, widths, (days, width) => {
      const layout = layOut(columns(days), { ...measure, width });
      for (let row = 0; row < layout.rows; row += 1) {
        let edge = 0;
        for (let photo = layout.rowFirst[row] ?? 0; photo < (layout.rowFirst[row + 1] ?? 0); photo += 1) {
          expect(layout.width[photo]).toBeGreaterThan(0);
          expect(layout.x[photo]).toBeGreaterThanOrEqual(edge);
          edge = (layout.x[photo] ?? 0) + (layout.width[photo] ?? 0);
        }
        expect(edge).toBeLessThanOrEqual(width + 1);
        const bottom = (layout.rowTop[row] ?? 0) + (layout.rowHeight[row] ?? 0);
        expect(layout.rowTop[row + 1] ?? layout.height).toBeGreaterThanOrEqual(bottom + measure.gap);
      }
      expect([layout.rowFirst[layout.rows], layout.dayFirst[layout.days], layout.days]).toEqual([days.flat().length, days.flat().length, days.length]);
    }),
    { numRuns: 150 },
  );
});

test('a day with many photos fills the width to the pixel, its last row aside', () => {
  const layout = layOut(columns([Array.from({ length: 60 }, (_, index) => [1.5, 0.75, 1.333][index % 3] ?? 1)]), measure);
  for (let row = 0; row < layout.rows - 1; row += 1) {
    const last = (layout.rowFirst[row + 1] ?? 0) - 1;
    expect((layout.x[last] ?? 0) + (layout.width[last] ?? 0)).toBe(measure.width);
    expect(Math.abs((layout.rowHeight[row] ?? 0) - measure.rowHeight)).toBeLessThan(measure.rowHeight * 0.4);
  }
});

test('days with few photos share a row, each below a label that has room', () => {
  const layout = layOut(columns([[1.5], [0.5], [1.33], [1.5]]), measure);
  expect(layout.rows).toBe(1);
  expect([...layout.dayWidth].every((width) => width >= measure.labelWidth)).toBe(true);
  expect([...layout.dayX]).toEqual([...layout.dayX].toSorted((a, b) => a - b));
});

test('an arrow key goes to the photo that is seen above or below', () => {
  const layout = layOut(columns([Array.from({ length: 30 }, () => 1.5)]), measure);
  const below = photoAcross(layout, 1, 1);
  expect(rowOf(layout, below)).toBe(1);
  expect(photoAcross(layout, below, -1)).toBe(1);
  expect(photoAcross(layout, 0, -1)).toBe(0);
  expect(dayOf(layout, below)).toBe(0);
});

test('what is between two heights is what is drawn', () => {
  const layout = layOut(columns([Array.from({ length: 300 }, () => 1.5)]), measure);
  const [first, end] = rowsBetween(layout, 1000, 2000);
  expect((layout.rowTop[first] ?? 0) <= 1000 && (layout.rowTop[end - 1] ?? 0) <= 2000 && (layout.rowTop[end] ?? 0) > 2000).toBe(true);
});
