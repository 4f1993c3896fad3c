import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BulkLane } from './bulk-lane.ts';

test('one at a time, in their order; what else has come gets its turn between', async () => {
  const lane = new BulkLane();
  const seen: string[] = [];
  let running = 0;
  const page = (name: string) =>
    lane.run(async () => {
      running += 1;
      expect(running).toBe(1);
      for (let step = 0; step < 10; step += 1) await Promise.resolve();
      running -= 1;
      seen.push(name);
    });
  const all = Promise.all([page('one'), page('two'), page('three')]);
  void nextTurn().then(() => seen.push('a change'));
  await all;
  expect(seen).toEqual(['one', 'a change', 'two', 'three']);
});

test('one that fails is its own caller’s matter', async () => {
  const lane = new BulkLane();
  const failing = lane.run(async () => await Promise.reject(new Error('no such page')));
  const next = lane.run(async () => await Promise.resolve('a page'));
  await expect(failing).rejects.toThrow('no such page');
  expect(await next).toBe('a page');
});
