import { expect, test } from 'vitest';
import { placeAt, scrolledTo } from './scroll-space.ts';

const small = { height: 50_000, viewport: 900 };
const huge = { height: 40_000_000, viewport: 900 };

test('what a browser can scroll is scrolled as it is', () => {
  expect(scrolledTo(small, { top: 0, offset: 0 }, 1234)).toEqual({ top: 1234, offset: 0 });
  expect(placeAt(small, 49_500)).toEqual({ scrollTop: 49_100, place: { top: 49_100, offset: 0 } });
});

test('in a timeline that is too high, a wheel moves pixel by pixel, wherever one is', () => {
  const { scrollTop, place } = placeAt(huge, 20_000_000);
  expect(scrolledTo(huge, place, scrollTop + 120).top).toBe(20_000_120);
  expect(scrolledTo(huge, place, scrollTop - 120).top).toBe(19_999_880);
});

test('both ends are reached, and a jump goes to the same fraction', () => {
  const end = placeAt(huge, Number.POSITIVE_INFINITY);
  expect(end.place.top).toBe(huge.height - huge.viewport);
  expect(scrolledTo(huge, { top: 5000, offset: 0 }, end.scrollTop).top).toBe(huge.height - huge.viewport);
  expect(scrolledTo(huge, { top: 900_000, offset: 890_000 }, 0).top).toBe(0);
  const half = scrolledTo(huge, { top: 0, offset: 0 }, end.scrollTop / 2).top;
  expect(Math.abs(half / (huge.height - huge.viewport) - 0.5)).toBeLessThan(0.001);
});
