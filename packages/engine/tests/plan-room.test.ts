import { afterEach, expect, test } from 'vitest';
import { addPhoto, type World, world } from './world.ts';

let w: World;
afterEach(async () => {
  await w.close();
});

test('Q5 when the plan may have room, what waits for it asks again at once, and one alone where there is none', async () => {
  w = await world();
  const assign = async (bytes: number): Promise<void> => void (await w.server.services.db.updateTable('account').set({ plan_bytes: bytes }).execute());
  const a = await w.device('a');
  const codes = (): unknown => new Map(a.engine.status().reasons.map((reason) => [reason.code, reason.items]));
  const uploads = (): number => a.calls.filter((call) => call === 'createUpload').length;
  await assign(300_000);
  addPhoto(a.photos, 'first.jpg', 'first', { bytes: 200_000 });
  addPhoto(a.photos, 'huge.jpg', 'huge', { bytes: 400_000 });
  a.addSource();
  await a.sync();
  for (const bytes of [150_000, 160_000, 170_000]) addPhoto(a.photos, `${bytes}.jpg`, String(bytes), { bytes });
  await a.sync();
  expect(codes()).toEqual(new Map([['quota_full', 3], ['item_larger_than_plan', 1]]));

  // Nothing is due before its time: a sync alone asks nothing.
  let before = uploads();
  await a.sync();
  expect(uploads()).toBe(before);

  // Told of room that is not there, the smallest asks, and what only a larger plan helps.
  before = uploads();
  a.engine.planHasNews();
  await a.sync();
  expect(uploads() - before).toBe(2);
  expect(codes()).toEqual(new Map([['quota_full', 3], ['item_larger_than_plan', 1]]));

  await assign(50_000_000_000);
  a.engine.planHasNews();
  await a.sync();
  expect(a.engine.status().items).toMatchObject({ found: 5, verified: 5 });
});
