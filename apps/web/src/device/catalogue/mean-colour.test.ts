import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thumbHashToAverageRGBA } from 'thumbhash';
import { cssMean, packedMean } from './mean-colour.ts';

/** A half of one of 31 steps, and what rounding to bytes adds. */
const NEAR = 255 / 31 / 2 + 1;

test('the mean colour is that of the thumbhash, wherever it stands', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 25 }), fc.nat(40), (hash, at) => {
      const bytes = new Uint8Array(at + hash.length);
      bytes.set(hash, at);
      const found = /^rgb\((\d+) (\d+) (\d+)\)$/.exec(cssMean(packedMean(bytes, at, hash.length)) ?? '');
      const { r, g, b } = thumbHashToAverageRGBA(hash);
      for (const [index, share] of [r, g, b].entries()) expect(Math.abs(Number(found?.[index + 1]) - share * 255)).toBeLessThanOrEqual(NEAR);
    }),
  );
});

test('a photo of which nothing is known has none; a black one has', () => {
  expect(packedMean(new Uint8Array(32), 1, 0)).toBe(0);
  expect(packedMean(new Uint8Array(32), 1, 4)).toBe(0);
  expect(cssMean(0)).toBeNull();
  expect(cssMean(undefined)).toBeNull();
  const black = thumbHashToAverageRGBA(Uint8Array.of(0, 0x08, 0x02, 0, 0, 0));
  expect(black.r + black.g + black.b).toBeLessThan(0.1);
  expect(packedMean(Uint8Array.of(0, 0x08, 0x02, 0, 0, 0), 0, 6)).toBeGreaterThan(0);
});
