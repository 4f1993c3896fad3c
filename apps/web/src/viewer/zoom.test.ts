import { expect, test } from 'vitest';
import { bounded, fit, fitted, MAX_SCALE, zoomAt } from './zoom.ts';

const stage = { width: 1000, height: 800 };
const shown = fit({ width: 4000, height: 3000 }, stage);

test('a picture fits its stage in both directions', () => {
  expect(shown).toEqual({ width: 1000, height: 750 });
  expect(fit({ width: 100, height: 400 }, stage)).toEqual({ width: 200, height: 800 });
});

test('what is under the pointer stays under it', () => {
  const point = { x: 200, y: -100 };
  const view = zoomAt(fitted, 4, point, shown, stage);
  const under = (at: typeof view): { x: number; y: number } => ({ x: (point.x - at.x) / at.scale, y: (point.y - at.y) / at.scale });
  expect(under(view)).toEqual(under(fitted));
});

test('it is neither smaller than fitted nor moved off the stage', () => {
  expect(zoomAt({ scale: 2, x: 500, y: 0 }, 0.1, { x: 0, y: 0 }, shown, stage)).toEqual(fitted);
  expect(bounded({ scale: 2, x: 9999, y: -9999 }, shown, stage)).toEqual({ scale: 2, x: 500, y: -350 });
  expect(zoomAt(fitted, 1000, { x: 0, y: 0 }, shown, stage).scale).toBe(MAX_SCALE);
});
