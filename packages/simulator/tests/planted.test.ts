import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bugs } from '../src/planted/bugs.ts';
import { checkPatches } from '../src/planted/copy.ts';
import { Hunt } from '../src/planted/hunt.ts';
import { needed } from '../src/planted/needed.ts';
import { FOLDER, readCase } from '../src/search/corpus.ts';
import { run } from '../src/search/run.ts';
import { Hardware } from '../src/world/hardware.ts';

/** Those that the search finds at once; all of them are hunted by `npm run simulate -- --planted`. */
const QUICK = ['empty-pushes', 'verified-before-the-log', 'mutation-applied-twice', 'overlay-stays'];

describe('planted bugs', () => {
  test.each(bugs.map((bug) => [bug.name, bug] as const))('the patch of %s still fits the code', (_name, bug) => {
    expect(() => checkPatches(bug)).not.toThrow();
  });

  test('are twenty at least, each with a name of its own', () => {
    expect(new Set(bugs.map((bug) => bug.name)).size).toBe(bugs.length);
    expect(bugs.length).toBeGreaterThanOrEqual(20);
  });

  test.each(bugs.filter((bug) => QUICK.includes(bug.name)).map((bug) => [bug.name, bug] as const))('%s is found', async (_name, bug) => {
    const hunt = await Hunt.begin(bug);
    try {
      const [first] = await hunt.tries(1, 400);
      expect(first?.runs).not.toBeNull();
    } finally {
      hunt.end();
    }
  });

  test('show of every rule that it is needed, by a name that there is', () => {
    const names = new Set(bugs.map((bug) => bug.name));
    for (const { bug } of Object.values(needed)) expect(names).toContain(bug);
  });

  test.each(['I3', 'I9'] as const)('one that only %s sees escapes where that is taken away', async (rule) => {
    const bug = bugs.find(({ name }) => name === needed[rule].bug);
    if (!bug) return expect.fail(`no planted bug is called ${needed[rule].bug}`);
    // A run in which it shows, kept as data: which seeds meet it changes with each change of the code.
    const { scenario } = readCase(join(FOLDER, 'planted', `${bug.name}.json`));
    expect((await run(await Hardware.make(), scenario)).violation?.message).toBeUndefined();
    const hunt = await Hunt.begin(bug);
    try {
      expect(await hunt.seenIn(scenario)).toBe(rule);
      expect(await hunt.seenIn(scenario, new Set([rule]))).toBeNull();
    } finally {
      hunt.end();
    }
  });
});
