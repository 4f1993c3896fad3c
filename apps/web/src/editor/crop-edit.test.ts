import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handles, moved, ofRatio, resized } from './crop-edit.ts';

const whole = { left: 0, top: 0, width: 1, height: 1 };
const step = fc.integer({ min: -150, max: 150 }).map((value) => value / 100);

test('a corner or an edge moves, and what lies opposite stays', () => {
  expect(resized(whole, 'se', { x: -0.25, y: -0.5 }, null)).toEqual({ left: 0, top: 0, width: 0.75, height: 0.5 });
  expect(resized(whole, 'nw', { x: 0.25, y: 0.5 }, null)).toEqual({ left: 0.25, top: 0.5, width: 0.75, height: 0.5 });
  expect(resized(whole, 'e', { x: -0.25, y: -0.5 }, null)).toEqual({ left: 0, top: 0, width: 0.75, height: 1 });
  expect(resized({ left: 0.2, top: 0.2, width: 0.4, height: 0.4 }, 'w', { x: -1, y: 0 }, null).left).toBe(0);
});

test('with a shape both edges follow', () => {
  expect(resized({ left: 0, top: 0, width: 0.5, height: 0.5 }, 'se', { x: 0.2, y: 0 }, 1)).toEqual({ left: 0, top: 0, width: 0.7, height: 0.7 });
  expect(resized({ left: 0.25, top: 0, width: 0.5, height: 0.5 }, 's', { x: 0, y: 0.2 }, 1)).toEqual({ left: expect.closeTo(0.15), top: 0, width: 0.7, height: 0.7 });
});

test('whatever is dragged where, the crop lies in the frame, keeps its shape, and is not lost', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...handles, 'move' as const), step, step), { maxLength: 12 }), fc.option(fc.constantFrom(0.5, 1, 1.5, 2)), (drags, ratio) => {
      let crop = ratio === null ? whole : ofRatio(whole, ratio);
      for (const [handle, x, y] of drags) crop = handle === 'move' ? moved(crop, { x, y }) : resized(crop, handle, { x, y }, ratio);
      expect(Math.min(crop.left, crop.top)).toBeGreaterThanOrEqual(0);
      expect(Math.max(crop.left + crop.width, crop.top + crop.height)).toBeLessThanOrEqual(1 + 1e-9);
      expect(Math.min(crop.width, crop.height)).toBeGreaterThan(0.04);
      if (ratio !== null) expect(crop.width / crop.height).toBeCloseTo(ratio, 6);
    }),
  );
});
