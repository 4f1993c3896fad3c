import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { DatabaseFull, UniqueViolation } from '../errors.ts';

/** How many prepared statements are kept: the server has some hundred distinct queries. */
const STATEMENTS_KEPT = 200;

/** Longer SQL is a bulk statement whose text differs by its number of rows; it is not worth keeping. */
const KEPT_SQL_MAX = 8_000;

// Result codes of SQLite: https://sqlite.org/rescode.html
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;
const SQLITE_CONSTRAINT_UNIQUE = 2067;

/**
 * `node:sqlite` as Kysely's SQLite driver wants its database. The engine is synchronous, so a
 * transaction that awaits nothing but queries runs without giving the event loop a turn.
 */
export class SqliteConnection implements SqliteDatabase {
  readonly #database: DatabaseSync;
  /** Insertion order is the order of last use: the first is the one to let go. */
  readonly #statements = new Map<string, SqliteStatement>();

  /** @param path of a file, or `:memory:` */
  constructor(path: string) {
    this.#database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5_000 });
    this.#database.exec(`
      pragma journal_mode = wal;
      -- A commit is answered only when it is on the disk: a device forgets what was acknowledged.
      pragma synchronous = full;
      pragma temp_store = memory;
      -- 16 MB: the index pages of a library of some hundred thousand assets.
      pragma cache_size = -16000;
    `);
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  execute(sql: string): void {
    translating(() => this.#database.exec(sql));
  }

  prepare(sql: string): SqliteStatement {
    const kept = this.#statements.get(sql);
    if (kept) {
      this.#statements.delete(sql);
      this.#statements.set(sql, kept);
      return kept;
    }
    const statement = translating(() => wrap(this.#database.prepare(sql)));
    if (sql.length > KEPT_SQL_MAX) return statement;
    if (this.#statements.size >= STATEMENTS_KEPT) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest);
        break;
      }
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    if (!this.#database.isOpen) return;
    this.#statements.clear();
    // Statistics for the query planner, where tables have grown: https://sqlite.org/pragma.html#pragma_optimize
    this.#database.exec('pragma optimize');
    this.#database.close();
  }
}

function wrap(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => translating(() => statement.all(...(parameters as SQLInputValue[]))),
    run: (parameters) => translating(() => statement.run(...(parameters as SQLInputValue[]))),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}

function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error;
  switch (error.errcode) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_UNIQUE:
      return new UniqueViolation(error.message, { cause: error });
    case SQLITE_FULL:
      return new DatabaseFull(error.message, { cause: error });
    default:
      return error;
  }
}
