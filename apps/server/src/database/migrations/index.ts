import type { Kysely } from 'kysely';
import { NewerDatabase } from '../errors.ts';
import * as first from './0001-first.ts';
import * as details from './0002-details.ts';
import * as renditions from './0003-renditions.ts';
import * as groups from './0004-groups.ts';
import * as usage from './0005-usage.ts';
import * as deviceStatus from './0006-device-status.ts';
import * as lost from './0007-lost.ts';
import * as oneTimeCodes from './0009-one-time-codes.ts';
import * as deviceLinks from './0010-device-links.ts';
import * as adjustments from './0011-adjustments.ts';
import * as asTaken from './0012-as-taken.ts';
import * as snapshot from './0013-snapshot.ts';
import * as renditionTools from './0014-rendition-tools.ts';
import * as settingsChanges from './0015-settings-changes.ts';
import * as generations from './0016-generations.ts';

/** A step of the schema. It is written with what the engines share and never changes once released. */
interface Migration {
  up(database: Kysely<unknown>): Promise<void>;
}

/** In the order in which they run; names are for ever. */
const migrations: readonly (readonly [name: string, migration: Migration])[] = [
  ['0001-first', first],
  ['0002-details', details],
  ['0003-renditions', renditions],
  ['0004-groups', groups],
  ['0005-usage', usage],
  ['0006-device-status', deviceStatus],
  ['0007-lost', lost],
  ['0009-one-time-codes', oneTimeCodes],
  ['0010-device-links', deviceLinks],
  ['0011-adjustments', adjustments],
  ['0012-as-taken', asTaken],
  ['0013-snapshot', snapshot],
  ['0014-rendition-tools', renditionTools],
  ['0015-settings-changes', settingsChanges],
  ['0016-generations', generations],
];

interface Versions {
  schema_migration: { name: string };
}

/**
 * Brings the schema up to date in one transaction, so that a process killed in the middle leaves
 * the database as it was. Throws `NewerDatabase` where a migration was applied that this program
 * does not know.
 */
export async function migrate(database: Kysely<unknown>): Promise<void> {
  const versions = database as Kysely<Versions>;
  await versions.transaction().execute(async (trx) => {
    await trx.schema.createTable('schema_migration').ifNotExists().addColumn('name', 'text', (column) => column.primaryKey()).execute();
    const applied = new Set((await trx.selectFrom('schema_migration').select('name').execute()).map((row) => row.name));
    for (const name of applied) {
      if (!migrations.some(([known]) => known === name)) {
        throw new NewerDatabase(`The database has the schema step ${name}, which this version of Everroll does not know.`);
      }
    }
    for (const [name, migration] of migrations) {
      if (applied.has(name)) continue;
      await migration.up(trx as unknown as Kysely<unknown>);
      await trx.insertInto('schema_migration').values({ name }).execute();
    }
  });
}
