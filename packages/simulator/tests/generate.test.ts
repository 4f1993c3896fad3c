import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { generate } from '../src/search/generate.ts';

const seeds = (from: number, count: number) => Array.from({ length: count }, (_, index) => generate(from + index));

describe('a scenario out of a number', () => {
  test('the runs of the test search are the same from one change of the generator to the next', () => {
    const hash = createHash('sha256').update(JSON.stringify(seeds(1, 400))).digest('hex');
    expect(hash).toBe('5bec0e1cf8546995484923a01f731126a1237c52280c39f86bc443414c29ef78');
  });

  test('some others begin with a scene, played by one device, before what they do anyway', () => {
    const withPower = seeds(1_000, 400).filter(({ actions: [first, second] }) => first?.do === 'policy' && second?.do === 'surroundings' && first.device === second.device && second.y === 1);
    expect(withPower.length).toBeGreaterThan(20);
    const withCompanions = seeds(1_000, 400).filter(({ actions }) => actions.some((action) => action.do === 'take with companions'));
    expect(withCompanions.length).toBeGreaterThan(5);
    for (const { actions } of withCompanions) expect(actions.findLastIndex((action) => action.do === 'take with companions')).toBe(2);
  });

  test('some have a story of two devices, which play it in their order', () => {
    const withPurge = seeds(1_000, 800).filter(({ actions }) => actions.some(({ do: kind }, index) => kind === 'purge' && actions.slice(index - 3, index).map((one) => one.do).join() === 'restore server,sync,wait long'));
    expect(withPurge.length).toBeGreaterThan(5);
    for (const { actions, setting } of withPurge) {
      const at = actions.findIndex(({ do: kind }, index) => kind === 'purge' && actions[index - 3]?.do === 'restore server');
      const [one, other] = [actions[at]?.device ?? 0, actions[at + 3]?.device ?? 0];
      expect(one).not.toBe(other);
      expect(setting.devices[one]?.account).toBe(setting.devices[other]?.account);
    }
  });
});
