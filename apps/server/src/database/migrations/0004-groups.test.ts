import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addOf, Outbox, photo, store } from '../../testing/test-library.ts';
import { type TestServer, testServer } from '../../testing/test-server.ts';
import { up } from './0004-groups.ts';

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
});
afterEach(async () => await server.closeSound());

test('rows of the version before get what a row that is written now has', async () => {
  const { db } = server.services;
  const device = await server.person('a@example.com');
  const outbox = new Outbox(device);
  const assets = Array.from({ length: 1100 }, (_, place) => photo(`${place}`, { name: place % 2 === 0 ? `IMG_E${place + 1000}.HEIC` : `Café ${place}.jpg`.normalize('NFD') }));
  await store(server, device, ...assets);
  for (let from = 0; from < assets.length; from += 200) await outbox.send(...assets.slice(from, from + 200).map((resource) => addOf(device, [resource])));
  await db.updateTable('asset').set({ details: '{"contentIdentifier":"A"}', content_identifier: 'A' }).where('stem', 'like', 'img_%').execute();
  const before = await db.selectFrom('asset').selectAll().orderBy('id').execute();
  expect(new Set(before.map((row) => row.stem)).size).toBe(assets.length);

  for (const index of ['asset_content_identifier', 'asset_stem', 'album_item_asset']) await db.schema.dropIndex(index).execute();
  for (const column of ['content_identifier', 'stem', 'joined_to']) await sql`ALTER TABLE asset DROP COLUMN ${sql.ref(column)}`.execute(db);
  await up(db as unknown as Kysely<unknown>);
  expect(await db.selectFrom('asset').selectAll().orderBy('id').execute()).toEqual(before);
});
