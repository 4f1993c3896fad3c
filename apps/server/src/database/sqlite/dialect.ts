import { type DatabaseConnection, type Driver, type QueryCompiler, SqliteDialect, SqliteDriver, type TransactionSettings } from 'kysely';
import { LimitsWrittenOut } from './compiler.ts';
import { SqliteConnection } from './connection.ts';

/**
 * SQLite by `node:sqlite`. One connection serves the process; Kysely lets one user at a time have
 * it, so inside a transaction every query goes through the transaction's handle: one through the
 * database's own would wait for itself.
 */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #connection: SqliteConnection;

  constructor(path: string) {
    const connection = new SqliteConnection(path);
    super({ database: connection });
    this.#connection = connection;
  }

  override createDriver(): Driver {
    return new NodeSqliteDriver(this.#connection);
  }

  override createQueryCompiler(): QueryCompiler {
    return new LimitsWrittenOut();
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    super({ database: connection });
    this.#connection = connection;
  }

  /**
   * A writer takes the write lock at its beginning. With a plain `begin`, two processes that both
   * read first would find at their first write that one of them cannot go on.
   */
  override async beginTransaction(_connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    this.#connection.execute(settings?.accessMode === 'read only' ? 'begin' : 'begin immediate');
  }

  override async commitTransaction(): Promise<void> {
    this.#connection.execute('commit');
  }

  /** A full disk or an I/O error ends the transaction inside SQLite; then there is nothing left to roll back. */
  override async rollbackTransaction(): Promise<void> {
    if (this.#connection.inTransaction) this.#connection.execute('rollback');
  }
}
