import { Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { NodeSqliteDialect } from '../sqlite/dialect.ts';
import * as first from './0001-first.ts';
import * as usage from './0005-usage.ts';
import * as details from './0002-details.ts';
import * as groups from './0004-groups.ts';
import * as renditions from './0003-renditions.ts';
import * as lost from './0007-lost.ts';

test('what is stored was last read when it was stored, nothing is lost, and what is under way is reserved as it was', async () => {
  const database = new Kysely<unknown>({ dialect: new NodeSqliteDialect(':memory:') });
  for (const step of [first, details, renditions, groups, usage]) await step.up(database);
  const run = async (text: string) => void (await sql.raw(text).execute(database));
  await run(`INSERT INTO account VALUES ('me', 'a@b.c', 'a', 'owner', 'x', NULL, 10, 7, NULL, 0)`);
  await run(`INSERT INTO device VALUES ('phone', 'me', 'phone', 'phone', 0, 0)`);
  await run(`INSERT INTO library VALUES ('lib', 'me', 'Photos', 'e', 9, 0)`);
  await run(`INSERT INTO resource (library_id, sha256, bytes, verified_at) VALUES ('lib', 'a', 10, 5)`);
  await run(`INSERT INTO upload (id, library_id, account_id, device_id, sha256, bytes, file_name, created_at, touched_at) VALUES ('u', 'lib', 'me', 'phone', 'b', 7, 'b', 0, 0)`);
  await lost.up(database);
  expect((await sql`SELECT sha256, lost, lost_at, scrubbed_at FROM resource`.execute(database)).rows).toEqual([{ sha256: 'a', lost: null, lost_at: null, scrubbed_at: 5 }]);
  expect((await sql`SELECT reserved FROM upload`.execute(database)).rows).toEqual([{ reserved: 7 }]);
  await database.destroy();
});
