import type { Driver } from '@everroll/engine';
import type { Database, Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { wasmDriver } from './driver.ts';
import { FOLDER } from './folder.ts';
import { gatheringWrites } from './gathered-writes.ts';
import { takeSqlite } from './module.ts';

const FILE = '/device.db';
/** The database, its journal, one of each for a rebuild, and some for what SQLite sorts outside of memory. */
const FILES = 8;

/**
 * A tab that was closed lets go of its files a moment after its lock: the browser ends it in its own
 * time. Whoever takes over tries again for this long.
 */
const TRIES = 50;
const PAUSE_MS = 100;

export interface OpenedDatabase {
  readonly driver: Driver;
  /** Another connection to the same database; each sees what the other one commits. */
  readonly another: () => Driver;
  /**
   * Calls back before a transaction of `driver` is committed that notes a change of the replica's rows (catalogue/changes.ts), or
   * that changes who is signed in. Once, when all tables are there.
   */
  readonly beforeChange: (call: () => void) => void;
  /** It outlives this page. */
  readonly persisted: boolean;
  /** Closes it and lets go of the files, so that another tab can open them. */
  close(): void;
}

/**
 * Opens this browser's database: on OPFS by SQLite's own "sahpool" (one owner, synchronous access
 * handles), else in memory. Only the tab that holds the lock of the device may call it.
 */
export async function openDatabase(): Promise<OpenedDatabase> {
  const sqlite3 = await takeSqlite();
  const pool = await openPool(sqlite3);
  const connect = (): Database => (pool === undefined ? new sqlite3.oo1.DB('file:everroll?mode=memory&cache=shared', 'c') : new pool.OpfsSAHPoolDb(FILE));
  const open = (): Database => {
    const database = connect();
    // No shared memory for a write-ahead log here: the rollback journal, whose file stays, is as durable.
    database.exec('PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY;');
    return database;
  };
  const database = open();
  // Each question by itself would look whether somebody else has written, and into the journal, whose file is flushed
  // to the disk when it is closed after the look: some milliseconds each. Nobody else has the files.
  if (pool !== undefined) database.exec('PRAGMA locking_mode = EXCLUSIVE;');
  const driver = wasmDriver(sqlite3, database);
  return {
    driver,
    another() {
      // https://sqlite.org/pragma.html#pragma_locking_mode: the lock is let go of with the next question.
      if (database.isOpen()) database.exec('PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_schema;');
      return wasmDriver(sqlite3, open());
    },
    beforeChange(call) {
      database.createFunction({ name: 'web_changing', arity: 0, xFunc: () => call() ?? null });
      const when = "WHEN NEW.key IN ('identity', 'signedIn') BEGIN SELECT web_changing(); END";
      // Of this connection alone, and so they never stand in the way of a program that does not know the function.
      database.exec(`
        CREATE TEMP TRIGGER web_noted AFTER INSERT ON main.web_change BEGIN SELECT web_changing(); END;
        CREATE TEMP TRIGGER web_who AFTER INSERT ON main.meta ${when};
        CREATE TEMP TRIGGER web_who_else AFTER UPDATE ON main.meta ${when};
      `);
    },
    persisted: pool !== undefined,
    close() {
      driver.close();
      pool?.pauseVfs();
    },
  };
}

type Pool = Awaited<ReturnType<Sqlite3Static['installOpfsSAHPoolVfs']>>;

/** undefined: this browser has no OPFS for workers (private windows of some, old ones). */
async function openPool(sqlite3: Sqlite3Static): Promise<Pool | undefined> {
  if (!(await hasOpfs())) return undefined;
  for (let tried = 1; ; tried += 1) {
    try {
      // Without the option, files that another tab still holds would be deleted as broken.
      return await gatheringWrites(() => sqlite3.installOpfsSAHPoolVfs({ directory: FOLDER, initialCapacity: FILES, preserveOnInitFailure: true, forceReinitIfPreviouslyFailed: true } as Parameters<Sqlite3Static['installOpfsSAHPoolVfs']>[0]));
    } catch (error) {
      if (tried === TRIES) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }
}

async function hasOpfs(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
    return 'createSyncAccessHandle' in FileSystemFileHandle.prototype;
  } catch {
    return false;
  }
}

/** Removes the database from this browser. Nobody may have it open. */
export async function removeDatabase(): Promise<void> {
  if (await hasOpfs()) await (await navigator.storage.getDirectory()).removeEntry(FOLDER, { recursive: true }).catch(() => undefined);
}
