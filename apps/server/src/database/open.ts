import { chmod, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { migrate } from './migrations/index.ts';
import type { Database } from './schema.ts';
import { NodeSqliteDialect } from './sqlite/dialect.ts';

const SQLITE_SCHEME = 'sqlite:';

/**
 * Opens the database and brings its schema up to date.
 *
 * @param url `sqlite:PATH` or `sqlite::memory:`. Throws `NewerDatabase` where a newer program wrote it.
 */
export async function openDatabase(url: string): Promise<Kysely<Database>> {
  if (!url.startsWith(SQLITE_SCHEME)) {
    throw new Error(`EVERROLL_DATABASE_URL: this version stores in SQLite (sqlite:PATH), not in ${url.slice(0, Math.max(0, url.indexOf(':')))}.`);
  }
  const path = url.slice(SQLITE_SCHEME.length);
  if (path !== ':memory:') {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await makePrivate(path);
  }
  const database = new Kysely<Database>({ dialect: new NodeSqliteDialect(path) });
  try {
    await migrate(database as unknown as Kysely<unknown>);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return database;
}

/**
 * Names, places and the hashes of passwords are for the server's own user only. SQLite gives the side files
 * that it makes the mode of the database; an earlier version left all of them open.
 */
async function makePrivate(path: string): Promise<void> {
  await (await open(path, 'a', 0o600)).close();
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const mode = (await stat(file).catch(() => undefined))?.mode ?? 0;
    // Somebody else's file, or a file system without modes: it can be used all the same.
    if ((mode & 0o077) !== 0) await chmod(file, 0o600).catch(() => undefined);
  }
}

/** A handle for queries: the database itself or a transaction of it. */
export type Queries = Kysely<Database>;
