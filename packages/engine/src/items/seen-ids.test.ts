import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenIds } from './seen-ids.ts';

test('it holds what a set of the same ids holds, of those that there were', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.array(fc.integer({ min: 1, max: 80 })), fc.nat(80), (lastId, ids, upTo) => {
      const seen = new SeenIds(lastId);
      for (const id of ids) seen.add(id);
      const set = new Set(ids.filter((id) => id <= lastId));
      expect(seen.size).toBe(set.size);
      expect(Array.from({ length: 90 }, (_, id) => id).filter((id) => seen.has(id))).toEqual([...set].toSorted((one, other) => one - other));
      const unseen = Array.from({ length: lastId }, (_, at) => at + 1).filter((id) => !set.has(id));
      expect(seen.unseen(unseen.length)).toEqual(unseen);
      expect(seen.unseen(unseen.length - 1)).toBeNull();
      expect(seen.hasUpTo(upTo)).toBe([...set].some((id) => id <= upTo));
    }),
  );
});
