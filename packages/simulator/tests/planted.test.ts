import { describe, expect, test } from 'vitest';
import { bugs } from '../src/planted/bugs.ts';
import { checkPatches } from '../src/planted/copy.ts';
import { huntOne } from '../src/planted/hunt.ts';

/** Those that the search finds at once; all of them are hunted by `npm run simulate -- --planted`. */
const QUICK = ['works-while-switched-off', 'clock-order-used', 'verified-before-the-log', 'reservation-leaked'];

describe('planted bugs', () => {
  test.each(bugs.map((bug) => [bug.name, bug] as const))('the patch of %s still fits the code', (_name, bug) => {
    expect(() => checkPatches(bug)).not.toThrow();
  });

  test('are twenty at least, each with a name of its own', () => {
    expect(new Set(bugs.map((bug) => bug.name)).size).toBe(bugs.length);
    expect(bugs.length).toBeGreaterThanOrEqual(20);
  });

  test.each(bugs.filter((bug) => QUICK.includes(bug.name)).map((bug) => [bug.name, bug] as const))('%s is found', async (_name, bug) => {
    const { tries } = await huntOne(bug, 1, 400);
    expect(tries[0]).not.toBeNull();
  });
});
