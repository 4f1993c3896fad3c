import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64TextByDigits, base64Texts } from './base64.ts';
import { hexText, hexTextByDigits } from './hex.ts';
import { ColumnsError, decodeColumns, encodeColumns } from './index.ts';

const back = (rows: readonly unknown[]): unknown[] => decodeColumns(encodeColumns(rows));
/** What JSON has of a value: it knows no -0. */
const asJson = (rows: readonly unknown[]): unknown => JSON.parse(JSON.stringify(rows));

describe('C6 rows in columns', () => {
  test('any list of JSON values comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 12 }), (values) => {
        const rows = asJson(values) as unknown[];
        expect(back(rows)).toEqual(rows);
      }),
      { numRuns: 400 },
    );
  });

  const asset = fc.record(
    {
      id: fc.stringMatching(/^[0-9a-f]{32}$/),
      at: fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
      place: fc.option(fc.record({ latitude: fc.double({ min: -90, max: 90, noNaN: true }), altitude: fc.option(fc.integer({ min: -500, max: 9000 }).map((metres) => metres / 10)) })),
      name: fc.string({ unit: 'binary', maxLength: 8 }),
      kind: fc.constantFrom('photo', 'video'),
      thumbhash: fc.uint8Array({ minLength: 0, maxLength: 25 }).map((bytes) => btoa(String.fromCharCode(...bytes))),
      marks: fc.array(fc.constantFrom('panorama', 'edited'), { maxLength: 3 }),
      resources: fc.array(fc.record({ sha256: fc.stringMatching(/^[0-9a-f]{64}$/), bytes: fc.maxSafeNat() }), { maxLength: 3 }),
    },
    { requiredKeys: ['id', 'at'] },
  );

  test('rows that are alike, with fields that some of them lack, come back as they were', () => {
    fc.assert(
      fc.property(fc.array(asset, { maxLength: 60 }), (values) => {
        const rows = asJson(values) as unknown[];
        expect(back(rows)).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });

  test('an id that follows from a hash takes no bytes (A1)', () => {
    const hashes = Array.from({ length: 50 }, (_, at) => Array.from({ length: 32 }, (__, byte) => ((at * 37 + byte * 11) % 256).toString(16).padStart(2, '0')).join(''));
    const without = hashes.map((primary) => ({ primary }));
    const rows = hashes.map((primary) => ({ id: primary.slice(0, 32).replaceAll(/./g, (digit) => (Number.parseInt(digit, 16) ^ 5).toString(16)), primary }));
    expect(back(rows)).toEqual(rows);
    expect(encodeColumns(rows).length - encodeColumns(without).length).toBeLessThan(100);
  });

  test.each([
    ['numbers at the edge of what is exact', [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 50, -(2 ** 50), 0.1, 1e-300, 1e300]],
    ['whole numbers far apart', [253_402_300_799_999, -62_135_596_800_000, 0]],
    ['text that is no Unicode', ['a\ud800', 'b']],
    ['names of JavaScript', [JSON.parse('{"__proto__":{"a":1},"constructor":2}'), {}]],
    ['what looks like hex or base64', ['ABCD', 'abcd', 'abc=', 'AAA=', '']],
    ['nothing', []],
    ['of every type', [null, true, 1, 'a', [1, [2]], { a: { b: null } }]],
  ])('%s', (_, rows) => {
    expect(back(rows)).toEqual(rows);
  });

  test('a browser that cannot spell bytes by itself spells them alike', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 6 }), (stretches) => {
        const bytes = Uint8Array.from(stretches.flatMap((stretch) => [...stretch]));
        const lengths = stretches.map(({ length }) => length);
        expect(hexTextByDigits(bytes)).toBe(hexText(bytes));
        expect(base64Texts(bytes, lengths)).toEqual(stretches.map((stretch) => Buffer.from(stretch).toString('base64')));
        expect(base64TextByDigits(bytes, lengths, lengths.map((length) => Math.ceil(length / 3) * 4))).toBe(base64Texts(bytes, lengths).join(''));
      }),
    );
  });

  test('bytes that are none are refused, whatever is wrong with them', () => {
    const good = encodeColumns(Array.from({ length: 20 }, (_, at) => ({ at, name: `IMG_${at}`, list: [at, at], some: at % 2 === 0 ? null : at / 3 })));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (place, byte, length) => {
        const bad = good.slice(0, length);
        if (place < bad.length) bad[place] = byte;
        try {
          expect(Array.isArray(decodeColumns(bad))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ColumnsError);
        }
      }),
      { numRuns: 2000 },
    );
    expect(() => decodeColumns(new Uint8Array(3))).toThrow(ColumnsError);
  });
});
