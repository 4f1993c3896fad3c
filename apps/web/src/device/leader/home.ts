import { type Engine, type Ports, type Result, type ServerClient, type Source, done, failed, openEngine, unknownConditions } from '@everroll/engine';
import { askFor, type Connection, httpServerClient } from '@everroll/engine/http';
import { type MutationsResponse, Session } from '@everroll/protocol';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { Early as Kept, Shown } from '../catalogue/early.ts';
import { CatalogueFile } from '../catalogue/file.ts';
import { noteChanges } from '../catalogue/changes.ts';
import { openStanding, type StandingFile } from '../catalogue/standing.ts';
import { fetchConnection } from '../http/connection.ts';
import type { FirstAnswers } from '../http/first-answers.ts';
import { isDatabaseFault } from '../sqlite/driver.ts';
import { hasDatabase } from '../sqlite/folder.ts';
import { type OpenedDatabase, openDatabase } from '../sqlite/open.ts';
import type { Store } from '../staging/copies.ts';
import { stagedSource } from '../staging/source.ts';
import { openStore } from '../staging/store.ts';
import { browserConditions } from './conditions.ts';
import { Pace } from './pace.ts';
import { browserRandom } from './random.ts';
import { SnapshotAhead } from './snapshot-ahead.ts';

/** The engine of this browser with the real world behind its ports. */
export interface Home {
  /** For example `https://photos.example.com`. */
  readonly server: string;
  readonly engine: Engine;
  readonly ports: Ports;
  readonly connection: Connection;
  readonly catalogue: Catalogue;
  readonly pace: Pace;
  readonly ahead: SnapshotAhead;
  /** What was asked of the server while the database was opened; null: this browser had one already. */
  readonly early: Promise<Early> | null;
  readonly file: CatalogueFile;
  readonly store: Store;
  readonly persisted: boolean;
  /** Resolves when this tab's page has drawn the first pictures. */
  readonly drawn: Promise<void>;
  close(): void;
}

/**
 * What was copied here is complete when it is listed, so nothing has to settle. The time is that for
 * which a half of a Live Photo waits for the other one, which the person may add a moment later.
 */
const SETTLE_MS = 3_000;

/** What this tab did before the database is opened. */
export interface Begun {
  /** What its page was shown from the file of columns; null: nothing. */
  readonly kept: Kept | null;
  /** What its page was shown from the server; null: nothing. */
  readonly told: Shown | null;
  /** What the server said so far; null: it was not asked, as there is a database here. */
  readonly answers: FirstAnswers | null;
  /** Resolves when its page has drawn the first pictures. */
  readonly drawn: Promise<void>;
}

/**
 * Fails with `local_database_corrupt` or `replica_newer_than_program`.
 * @param ended what is begun here ends with it.
 */
export async function openHome(server: string, ended: AbortSignal, { kept, told, answers, drawn }: Begun): Promise<Result<Home>> {
  let database: OpenedDatabase | undefined;
  let standing: StandingFile | null = kept?.standing ?? null;
  try {
    const connection = fetchConnection(server, () => navigator.onLine, answers);
    const ahead = new SnapshotAhead(connection, drawn);
    const early = (await hasDatabase()) ? null : askEarly(connection, ahead, ended);
    database = await openDatabase();
    const { driver, persisted } = database;
    if (persisted) standing ??= await openStanding();
    const store = await openStore();
    const source: Source = stagedSource(driver, store);
    const ports: Ports = {
      driver,
      server: { ...httpServerClient(connection), snapshot: (library, next, signal) => ahead.snapshot(library, next, signal) },
      clock: { now: () => Date.now(), sleep },
      random: browserRandom,
      openSource: () => source,
      openFolder: () => {
        throw new Error('a browser has no library folder');
      },
      conditions: () => ({ ...unknownConditions, ...browserConditions() }),
    };
    const pace = new Pace(driver);
    let catalogue: Catalogue | undefined;
    const engine = openEngine(ports, { settleMs: SETTLE_MS, rowsAtOnce: () => pace.rowsAtOnce(catalogue?.size ?? 0) });
    if (!engine.ok) {
      standing?.close();
      database.close();
      return engine;
    }
    if (engine.value.isWhole()) pace.isWhole();
    noteChanges(driver);
    const noted = standing;
    if (noted !== null) database.beforeChange(() => noted.empty());
    const file = new CatalogueFile(driver, persisted, noted);
    const opened = database;
    const close = (): void => {
      file.endStanding();
      opened.close();
    };
    catalogue = new Catalogue(driver, await file.read(kept));
    if (told !== null) catalogue.goOnFrom(told);
    return done({ server, engine: engine.value, ports, connection, catalogue, pace, ahead, early, file, store, persisted, drawn, close });
  } catch (error) {
    standing?.close();
    if (!isDatabaseFault(error)) throw error;
    database?.close();
    return failed('local_database_corrupt', { detail: error.message });
  }
}

/** The session that this browser's cookie opens, and where the numbers of its mutations stand. */
export interface Early {
  readonly session: Result<Session>;
  readonly queue: Result<MutationsResponse> | null;
}

/** A browser that has nothing yet: if its cookie opens a library, that is read while the database is opened. */
async function askEarly(connection: Connection, ahead: SnapshotAhead, signal: AbortSignal): Promise<Early> {
  const session = await askFor(connection, Session, { method: 'GET', path: '/api/v1/session', signal });
  const library = session.ok ? session.value.libraries[0] : undefined;
  if (library === undefined) return { session, queue: null };
  ahead.begin(library.id, signal);
  return { session, queue: await askQueue(httpServerClient(connection), library, signal) };
}

/** Where the server stands with the mutations of this device: it is sent none. */
export function askQueue(server: Pick<ServerClient, 'mutate'>, { id, epoch }: Session['libraries'][number], signal: AbortSignal): Promise<Result<MutationsResponse>> {
  return server.mutate(id, { epoch, acknowledged: 0, mutations: [] }, signal);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // A timer holds 31 bits; who sleeps longer is woken and looks again.
    const timer = setTimeout(ended, Math.min(ms, 2 ** 31 - 1));
    signal.addEventListener('abort', ended, { once: true });
    function ended(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', ended);
      resolve();
    }
  });
}
