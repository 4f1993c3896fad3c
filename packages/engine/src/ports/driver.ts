/** What SQLite stores; truth values are 0 and 1. */
export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

export interface Statement {
  run(...parameters: SqlValue[]): { changes: number };
  get(...parameters: SqlValue[]): SqlRow | undefined;
  all(...parameters: SqlValue[]): SqlRow[];
}

/** Thrown by a driver where the disk has no room for what is written: nothing of the transaction stands. */
export class DriverFull extends Error {
  override readonly name = 'DriverFull';
}

/**
 * A synchronous handle on one SQLite database: node:sqlite, SQLite WASM and expo-sqlite all offer
 * this much. It is durable when `transaction` returns (WAL with synchronous=FULL, or the like).
 */
export interface Driver {
  exec(sql: string): void;
  /**
   * The same text may be asked for often: a driver keeps what it has prepared. (A limit, and a stage of
   * `item`, which has a partial index by stage, stand in the text: SQLite plans by such values, and
   * compiles a statement that has them as parameters anew at each use.)
   */
  prepare(sql: string): Statement;
  /** Runs `body` in one write transaction (begin immediate); an exception undoes all of it. Not nested. */
  transaction<T>(body: () => T): T;
  close(): void;
}
