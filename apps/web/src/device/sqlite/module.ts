import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm';

let loading: Promise<Sqlite3Static> | undefined;

/** Begins to load SQLite, for whoever opens the database next. */
export function loadSqlite(): Promise<Sqlite3Static> {
  loading ??= import('@sqlite.org/sqlite-wasm').then(({ default: init }) => init());
  return loading;
}

/** An instance for one database: one whose files were let go of does not take them again. */
export function takeSqlite(): Promise<Sqlite3Static> {
  const taken = loadSqlite();
  loading = undefined;
  return taken;
}
