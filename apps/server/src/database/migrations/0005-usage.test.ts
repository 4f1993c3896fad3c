import { Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { NodeSqliteDialect } from '../sqlite/dialect.ts';
import * as first from './0001-first.ts';
import * as details from './0002-details.ts';
import * as renditions from './0003-renditions.ts';
import * as groups from './0004-groups.ts';
import * as usage from './0005-usage.ts';

test('a library from before it gets the kinds of what it holds, what is shared, and its screenshots', async () => {
  const database = new Kysely<unknown>({ dialect: new NodeSqliteDialect(':memory:') });
  for (const step of [first, details, renditions, groups]) await step.up(database);
  const run = async (text: string) => void (await sql.raw(text).execute(database));
  await run(`INSERT INTO account VALUES ('me', 'a@b.c', 'a', 'owner', 'x', NULL, 0, 0, NULL, 0)`);
  await run(`INSERT INTO library VALUES ('lib', 'me', 'Photos', 'e', 9, 0)`);
  const asset = async (id: string, state: string, kind: string, marks: string, files: readonly (readonly [role: string, hash: string])[]) => {
    await run(
      `INSERT INTO asset (library_id, seq, actor, foreign_seq, id, state, trashed_at, media_kind, primary_sha256, added_at, captured_at, favourite, hidden, archived, details)
       VALUES ('lib', 1, 'server', 0, '${id}', '${state}', ${state === 'trashed' ? 5 : 'NULL'}, '${kind}', '${files[0]?.[1] ?? ''}', 0, 0, 0, 0, 0, '{"marks":[${marks}]}')`,
    );
    for (const [ordinal, [role, hash]] of files.entries()) await run(`INSERT INTO asset_resource VALUES ('lib', '${id}', ${ordinal}, '${role}', '${hash}', 10, 'name', 'a/b')`);
  };
  for (const hash of ['still', 'clip', 'video', 'raw', 'edit', 'deleted', 'arriving']) await run(`INSERT INTO resource (library_id, sha256, bytes, verified_at) VALUES ('lib', '${hash}', 10, 0)`);
  await asset('live', 'live', 'live_photo', '"screenshot"', [['photo', 'still'], ['paired_video', 'clip'], ['rendered_edit', 'edit']]);
  await asset('film', 'live', 'video', '"slow_motion"', [['video', 'video'], ['raw', 'raw']]);
  await asset('gone', 'trashed', 'photo', '', [['photo', 'deleted'], ['photo', 'video']]);

  await usage.up(database);
  const resources = await sql<{ sha256: string; kind: number; named: number }>`SELECT sha256, kind, named FROM resource ORDER BY sha256`.execute(database);
  expect(resources.rows.map(({ sha256, kind, named }) => [sha256, kind, named])).toEqual([['arriving', 6, 0], ['clip', 0, 1], ['deleted', 5, 1], ['edit', 4, 1], ['raw', 3, 1], ['still', 0, 1], ['video', 2, 2]]);
  const screenshots = await sql<{ id: string }>`SELECT id FROM asset WHERE screenshot = 1`.execute(database);
  expect(screenshots.rows).toEqual([{ id: 'live' }]);
  await database.destroy();
});
