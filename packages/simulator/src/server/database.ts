import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver, type SqliteDatabase, type SqliteStatement, type TransactionSettings } from 'kysely';
import { readingWide } from '../world/rows.ts';
import { type Database, DatabaseFull, LimitsWrittenOut, migrate, UniqueViolation } from './code.ts';

// Result codes of SQLite: https://sqlite.org/rescode.html
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;
const SQLITE_CONSTRAINT_UNIQUE = 2067;

/** No table of the server holds a blob. */
export type Row = Record<string, string | number | null>;

export type Dump = readonly { readonly table: string; readonly rows: readonly Row[] }[];

/** Who runs a statement; told before each, so that it can be killed there. */
export interface DatabaseUser {
  /** Throws `Died` where the process is dead or dies now. */
  statement(sql: string): void;
}

/**
 * The server's database: real SQLite in memory, kept from run to run with its prepared statements, its
 * rows removed. It outlives the processes that use it; what a killed one had not committed is undone.
 */
export class ServerDatabase {
  readonly handle = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true });
  #tables: string[] = [];
  readonly #statements = new Map<string, StatementSync>();
  #owner: DatabaseUser | null = null;
  #writes = false;
  /** Told after each transaction that wrote, also where its process did not live to see that. */
  committed: () => void = () => undefined;
  readonly #waiting: { readonly user: DatabaseUser; readonly go: () => void }[] = [];

  static async make(): Promise<ServerDatabase> {
    const database = new ServerDatabase();
    await migrate(database.connect({ statement: () => undefined }) as unknown as Kysely<unknown>);
    const tables = database.handle.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migration' ORDER BY rowid").all();
    database.#tables = tables.map((row) => String(row['name']));
    return database;
  }

  /** A process's own handle. The statements of one transaction run without another's between them, as SQLite's lock has it. */
  connect(user: DatabaseUser): Kysely<Database> {
    return new Kysely<Database>({ dialect: new SimulatedDialect(this, user) });
  }

  /** Nobody is in the middle of anything: whoever asks now is answered at once. */
  get isFree(): boolean {
    return this.#owner === null;
  }

  async acquire(user: DatabaseUser): Promise<void> {
    if (this.#owner === null) {
      this.#owner = user;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push({ user, go: resolve });
    });
  }

  release(user: DatabaseUser): void {
    if (this.#owner !== user) return;
    const next = this.#waiting.shift();
    this.#owner = next?.user ?? null;
    next?.go();
  }

  /** The process is gone: SQLite's recovery undoes its open transaction. */
  rollBack(user: DatabaseUser): void {
    if (this.#owner === user && this.handle.isTransaction) this.handle.exec('rollback');
  }

  begin(writes: boolean): void {
    this.statement(writes ? 'begin immediate' : 'begin').run();
    this.#writes = writes;
  }

  commit(): void {
    this.statement('commit').run();
    if (this.#writes) this.committed();
  }

  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.handle.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  rows(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return this.statement(sql).all(...parameters) as Row[];
  }

  clear(): void {
    if (this.handle.isTransaction) this.handle.exec('rollback');
    for (const table of this.#tables.toReversed()) this.statement(`DELETE FROM "${table}"`).run();
  }

  /** A backup: every row of every table at one moment. */
  dump(): Dump {
    return this.#tables.map((table) => ({ table, rows: this.rows(`SELECT * FROM "${table}"`).map((row) => ({ ...row })) }));
  }

  restore(dump: Dump): void {
    this.clear();
    for (const { table, rows } of dump) insertRows(this, table, rows);
  }
}

function insertRows(database: ServerDatabase, table: string, rows: readonly Row[]): void {
  for (const row of rows) {
    const columns = Object.keys(row);
    const sql = `INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    database.statement(sql).run(...Object.values(row));
  }
}

class SimulatedDialect extends SqliteDialect {
  readonly #database: ServerDatabase;
  readonly #user: DatabaseUser;

  constructor(database: ServerDatabase, user: DatabaseUser) {
    super({ database: new UserConnection(database, user) });
    this.#database = database;
    this.#user = user;
  }

  override createDriver(): SimulatedDriver {
    return new SimulatedDriver(this.#database, this.#user);
  }

  override createQueryCompiler(): LimitsWrittenOut {
    return new LimitsWrittenOut();
  }
}

class SimulatedDriver extends SqliteDriver {
  readonly #database: ServerDatabase;
  readonly #user: DatabaseUser;

  constructor(database: ServerDatabase, user: DatabaseUser) {
    super({ database: new UserConnection(database, user) });
    this.#database = database;
    this.#user = user;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    await this.#database.acquire(this.#user);
    return await super.acquireConnection();
  }

  override async releaseConnection(): Promise<void> {
    this.#database.release(this.#user);
  }

  /** As the server's own dialect: a writer takes the write lock at its beginning. */
  override async beginTransaction(_connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const writes = settings?.accessMode !== 'read only';
    this.#user.statement(writes ? 'begin immediate' : 'begin');
    translating(() => this.#database.begin(writes));
  }

  override async commitTransaction(): Promise<void> {
    this.#user.statement('commit');
    translating(() => this.#database.commit());
  }

  override async rollbackTransaction(): Promise<void> {
    if (this.#database.handle.isTransaction) this.#database.handle.exec('rollback');
  }

}

class UserConnection implements SqliteDatabase {
  readonly #database: ServerDatabase;
  readonly #user: DatabaseUser;
  readonly #wrapped = new Map<string, SqliteStatement>();

  constructor(database: ServerDatabase, user: DatabaseUser) {
    this.#database = database;
    this.#user = user;
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#wrapped.get(sql);
    if (known) return known;
    const statement = translating(() => this.#database.statement(sql));
    const each = <T>(run: (parameters: SQLInputValue[]) => T) => (parameters: readonly unknown[]): T => {
      this.#user.statement(sql);
      return translating(() => run(parameters as SQLInputValue[]));
    };
    const wrapped: SqliteStatement = {
      reader: statement.columns().length > 0,
      all: each(readingWide((text) => this.#database.statement(text), sql)),
      run: each((parameters) => statement.run(...parameters)),
      iterate: each((parameters) => statement.iterate(...parameters)),
    };
    this.#wrapped.set(sql, wrapped);
    return wrapped;
  }

  close(): void {
    // The database outlives the processes that use it.
  }
}

/** The same spelling of errors as the server's own dialect. */
function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !('errcode' in error)) throw error;
    switch (error.errcode) {
      case SQLITE_CONSTRAINT_PRIMARYKEY:
      case SQLITE_CONSTRAINT_UNIQUE:
        throw new UniqueViolation(error.message, { cause: error });
      case SQLITE_FULL:
        throw new DatabaseFull(error.message, { cause: error });
      default:
        throw error;
    }
  }
}
