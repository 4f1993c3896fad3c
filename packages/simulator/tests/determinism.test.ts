import { describe, expect, test } from 'vitest';
import { generate } from '../src/search/generate.ts';
import { run } from '../src/search/run.ts';
import { Hardware } from '../src/world/hardware.ts';

describe('I14: the same seed gives the same trace', () => {
  test('twice on one hardware, and on a new one', async () => {
    const used = await Hardware.make();
    const seeds = Array.from({ length: 12 }, (_, index) => 7_000 + index);
    const hashes = async (hardware: Hardware): Promise<string[]> => {
      const found: string[] = [];
      for (const seed of seeds) found.push((await run(hardware, generate(seed))).hash);
      return found;
    };
    const first = await hashes(used);
    expect(await hashes(used)).toEqual(first);
    expect(await hashes(await Hardware.make())).toEqual(first);
    expect(new Set(first).size).toBe(seeds.length);
  });
});
