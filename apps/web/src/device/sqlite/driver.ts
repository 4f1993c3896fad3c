import { type Driver, DriverFull, type SqlRow, type SqlValue, type Statement } from '@everroll/engine';
import type { Database, PreparedStatement, Sqlite3Static } from '@sqlite.org/sqlite-wasm';

/** https://sqlite.org/rescode.html#full */
const SQLITE_FULL = 13;

/** The engine's driver over SQLite WASM: one connection, in the worker that alone holds the files. */
export function wasmDriver({ capi }: Pick<Sqlite3Static, 'capi'>, database: Database): Driver {
  const prepared = new Map<string, Kept>();
  const prepare = (sql: string): Statement => {
    const known = prepared.get(sql);
    if (known !== undefined) return known.statement;
    const made = keep(database, sql);
    prepared.set(sql, made);
    return made.statement;
  };
  return {
    exec: (sql) => void database.exec(sql),
    prepare,
    transaction(body) {
      prepare('BEGIN IMMEDIATE').run();
      try {
        const value = body();
        prepare('COMMIT').run();
        return value;
      } catch (error) {
        // SQLite has rolled back by itself where the disk was full or the file was damaged.
        if (capi.sqlite3_get_autocommit(database) === 0) prepare('ROLLBACK').run();
        throw error;
      }
    },
    close() {
      for (const { compiled } of prepared.values()) compiled.finalize();
      prepared.clear();
      database.close();
    },
  };
}

interface Kept {
  readonly compiled: PreparedStatement;
  readonly statement: Statement;
}

function keep(database: Database, sql: string): Kept {
  const compiled = database.prepare(sql);
  // A statement is compiled anew by SQLite when the schema changes: `SELECT *` may then have more columns.
  let names: string[] = [];
  const bind = (parameters: readonly SqlValue[]): void => {
    if (parameters.length > 0) compiled.bind(parameters as SqlValue[]);
  };
  const rowOf = (): SqlRow => {
    if (names.length !== compiled.columnCount) names = compiled.getColumnNames([]);
    const row: SqlRow = {};
    for (const [at, name] of names.entries()) row[name] = compiled.get(at) as SqlValue;
    return row;
  };
  const ended = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      if (resultCodeOf(error) === SQLITE_FULL) throw new DriverFull(String(error), { cause: error });
      throw error;
    } finally {
      compiled.reset();
      if (compiled.parameterCount > 0) compiled.clearBindings();
    }
  };
  return {
    compiled,
    statement: {
      run: (...parameters) =>
        ended(() => {
          bind(parameters);
          while (compiled.step());
          return { changes: database.changes() };
        }),
      get: (...parameters) =>
        ended(() => {
          bind(parameters);
          return compiled.step() ? rowOf() : undefined;
        }),
      all: (...parameters) =>
        ended(() => {
          bind(parameters);
          const rows: SqlRow[] = [];
          while (compiled.step()) rows.push(rowOf());
          return rows;
        }),
    },
  };
}

function resultCodeOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'resultCode' in error && typeof error.resultCode === 'number' ? error.resultCode & 0xff : undefined;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
export function isDatabaseFault(error: unknown): error is Error {
  const code = resultCodeOf(error);
  return error instanceof Error && code !== undefined && [11, 26].includes(code);
}
