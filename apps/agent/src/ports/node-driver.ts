import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Driver, DriverFull, type SqlRow, type Statement } from '@everroll/engine';

/** https://sqlite.org/rescode.html#full */
const SQLITE_FULL = 13;

/** A command that writes beside the running agent waits at most this long for its transaction to end. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * A first sync writes into indexes whose keys are random bits, all over. They stay in memory (32 MB: those of some
 * hundred thousand photos, used as far as they are there) and go from the log into the file every 32 MB rather than
 * every 4; the log gives its room back.
 */
const LARGE_REPLICA = 'PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 4000000;';

/** The engine's driver over `node:sqlite`. Throws what SQLite throws when the file is no database. */
export function openNodeDriver(path: string): Driver {
  if (path !== ':memory:') makePrivate(path);
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; ${LARGE_REPLICA}`);
  } catch (error) {
    database.close();
    throw error;
  }
  const prepared = new Map<string, Statement>();

  const prepare = (sql: string): Statement => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = statementOf(database.prepare(sql));
    prepared.set(sql, statement);
    return statement;
  };

  return {
    exec: (sql) => database.exec(sql),
    prepare,
    transaction(body) {
      prepare('BEGIN IMMEDIATE').run();
      try {
        const value = body();
        prepare('COMMIT').run();
        return value;
      } catch (error) {
        // SQLite has rolled back by itself where the disk was full or the file was damaged.
        if (database.isTransaction) prepare('ROLLBACK').run();
        throw error;
      }
    },
    close: () => {
      prepared.clear();
      database.close();
    },
  };
}

/** Nobody else may read names, dates and places. SQLite gives the side files that it makes the same mode; an earlier version left them open. */
function makePrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) === 0) continue;
    try {
      chmodSync(file, 0o600);
    } catch {
      // Somebody else's file, or a file system without modes: it can be used all the same.
    }
  }
}

/** Nothing that the engine binds or reads is a blob or a 64-bit integer: rows are what `SqlRow` says. */
function statementOf(statement: StatementSync): Statement {
  return {
    run(...parameters) {
      try {
        return { changes: Number(statement.run(...parameters).changes) };
      } catch (error) {
        if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_FULL) throw new DriverFull(error.message, { cause: error });
        throw error;
      }
    },
    get: (...parameters) => statement.get(...parameters) as SqlRow | undefined,
    all: (...parameters) => statement.all(...parameters) as SqlRow[],
  };
}
