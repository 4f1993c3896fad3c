import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Driver, SqlRow, SqlValue, Statement } from '@everroll/engine';

import { readingWide } from '../world/rows.ts';

export type DeviceDump = readonly { readonly table: string; readonly rows: readonly Record<string, SQLInputValue>[] }[];

/** The process that has the database open: asked before each commit whether it is killed there. */
export interface DriverUser {
  /** Throws `Died` in a process that is dead. */
  check(): void;
  /** A commit is about to happen. @returns `before` or `after` where the process is killed at it. */
  commits(): 'before' | 'after' | null;
  /** Throws `DriverFull` where there is no room for a commit. */
  needsRoom(): void;
  /** Rows of the replica may have changed. */
  committed(): void;
}

/** A device's database: real SQLite in memory, which outlives the processes that open it. */
export class DeviceDatabase {
  readonly handle: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #rowsTouched = false;

  constructor(path = ':memory:') {
    this.handle = new DatabaseSync(path);
    this.handle.exec('PRAGMA foreign_keys = ON');
  }

  /** What a process gets when it opens the file. */
  open(user: DriverUser): Driver {
    const prepared = new Map<string, Statement>();
    const wrap = (sql: string): Statement => {
      const statement = this.statement(sql);
      const readAll = readingWide((text) => this.statement(text), sql);
      const writes = !/^\s*(?:SELECT|PRAGMA)/i.test(sql);
      const touchesRows = writes && /\bentity\b/.test(sql);
      return {
        run: (...parameters) => {
          user.check();
          const alone = writes && !this.handle.isTransaction;
          if (alone && user.commits() === 'before') user.check();
          if (alone) user.needsRoom();
          const { changes } = statement.run(...parameters);
          if (touchesRows) this.#rowsTouched = true;
          if (alone) this.#committed(user);
          if (alone) user.check();
          return { changes: Number(changes) };
        },
        get: (...parameters) => {
          user.check();
          return statement.get(...parameters) as SqlRow | undefined;
        },
        all: (...parameters) => {
          user.check();
          return readAll(parameters) as SqlRow[];
        },
      };
    };
    return {
      exec: (sql) => {
        user.check();
        this.handle.exec(sql);
      },
      prepare(sql) {
        let statement = prepared.get(sql);
        if (!statement) {
          statement = wrap(sql);
          prepared.set(sql, statement);
        }
        return statement;
      },
      transaction: (body) => {
        user.check();
        this.statement('BEGIN IMMEDIATE').run();
        this.#rowsTouched = false;
        let value;
        try {
          value = body();
          user.needsRoom();
          if (user.commits() === 'before') user.check();
        } catch (error) {
          if (this.handle.isTransaction) this.handle.exec('ROLLBACK');
          throw error;
        }
        this.statement('COMMIT').run();
        this.#committed(user);
        user.check();
        return value;
      },
      close: () => undefined,
    };
  }

  #committed(user: DriverUser): void {
    if (this.#rowsTouched) user.committed();
    this.#rowsTouched = false;
  }

  /** Kept from run to run: the text of a query holds a number at most, so there are not many. */
  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.handle.prepare(sql);
      if (this.#statements.size > 500) this.#statements.clear();
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  rows(sql: string, ...parameters: SqlValue[]): SqlRow[] {
    return this.statement(sql).all(...parameters) as SqlRow[];
  }

  clear(): void {
    if (this.handle.isTransaction) this.handle.exec('ROLLBACK');
    for (const table of this.#tables().toReversed()) this.statement(`DELETE FROM "${table}"`).run();
    // A new file counts its rows from 1, whatever run used this one before.
    if (this.rows("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").length > 0) this.statement('DELETE FROM sqlite_sequence').run();
  }

  dump(): DeviceDump {
    return this.#tables().map((table) => ({ table, rows: this.rows(`SELECT * FROM "${table}"`).map((row) => ({ ...row })) }));
  }

  restore(dump: DeviceDump): void {
    this.clear();
    for (const { table, rows } of dump) {
      for (const row of rows) {
        const columns = Object.keys(row);
        this.statement(`INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...Object.values(row));
      }
    }
  }

  #tables(): string[] {
    return this.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version' ORDER BY rowid").map((row) => String(row['name']));
  }
}
