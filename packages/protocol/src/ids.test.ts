import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AssetId, deriveAssetId, type LibraryId, type Sha256 } from './ids.ts';

const hex = (length: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });

test('A1: an asset id follows from library and hash alone, and both ways apart it differs', () => {
  fc.assert(
    fc.property(hex(32), hex(32), hex(64), hex(64), (one, other, sha, otherSha) => {
      const id = deriveAssetId(one as LibraryId, sha as Sha256);
      expect(AssetId.safeParse(id).success).toBe(true);
      expect(deriveAssetId(one as LibraryId, sha as Sha256)).toBe(id);
      if (one !== other) expect(deriveAssetId(other as LibraryId, sha as Sha256)).not.toBe(id);
      if (sha.slice(0, 32) !== otherSha.slice(0, 32)) expect(deriveAssetId(one as LibraryId, otherSha as Sha256)).not.toBe(id);
    }),
  );
});

test('A1: by example', () => {
  expect(deriveAssetId('00000000000000000000000000000000' as LibraryId, 'ff'.repeat(32) as Sha256)).toBe('ff'.repeat(16));
  expect(deriveAssetId('ff00ff00ff00ff00ff00ff00ff00ff00' as LibraryId, '0f'.repeat(32) as Sha256)).toBe('f00ff00ff00ff00ff00ff00ff00ff00f');
});
