import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { done, failed, type Result } from '@everroll/engine';
import { httpServerClient } from '@everroll/engine/http';
import { Operation } from '@everroll/protocol';
import { type Device, openDevice } from '../device/device.ts';
import { enrol } from '../device/enrol.ts';
import { syncFolder } from '../home/atomic-file.ts';
import type { Home } from '../home/home.ts';
import { readSession } from '../home/session-file.ts';
import { isRunnerLocked } from '../home/runner-lock.ts';
import { isLibraryFolder } from '../ports/folder/marker.ts';
import { openWitnesses } from '../ports/folder/witnesses.ts';
import { connect } from '../ports/http/connection.ts';

export interface Rebuilt {
  /** Where the damaged database lies now; it is never deleted by this. */
  readonly setAside: string;
  readonly sources: number;
  /** Changes made here that had not been sent: found in the damaged database and queued again. */
  readonly changes: number;
}

/** What can still be read of a damaged database. */
interface Salvage {
  readonly sources: readonly { readonly kind: 'source' | 'folder'; readonly location: string }[];
  readonly settings: Readonly<Record<string, string>>;
  readonly operations: readonly Operation[];
}

/**
 * Sets a damaged database aside and builds a new one: the same device in the same library, its
 * sources and settings as far as they can be read. The library is read anew from the server and every
 * file is hashed anew; what the server has it says by its hash, so nothing is sent twice.
 *
 * The server is asked first: without its answer all stays as it is.
 */
export async function rebuildDatabase(home: Home, now: number, signal: AbortSignal): Promise<Result<Rebuilt>> {
  const session = readSession(home.session);
  if (session === null || session.token === null) return failed('signed_out');
  if (isRunnerLocked(home.runner)) return failed('stalled', { detail: 'another process uses the database; stop it first' });
  const address = { url: session.server, token: session.token };
  const connection = connect(() => address);
  try {
    const server = httpServerClient(connection);
    const known = await server.session(signal);
    if (!known.ok) return known;
    const [library] = known.value.libraries;
    if (library === undefined) return failed('not_found', { detail: 'the account has no library' });
    // How far this device's changes came is known to the server alone now (rule M1).
    const queue = await server.mutate(library.id, { epoch: library.epoch, acknowledged: 0, mutations: [] }, signal);
    if (!queue.ok) return queue;

    const salvage = readWhatCanBe(home);
    const setAside = moveAway(home, now);
    const opened = openDevice(home);
    if (!opened.ok) return opened;
    const device = opened.value;
    try {
      const enrolled = enrol(device, session.server, known.value, session.token);
      if (!enrolled.ok) return enrolled;
      device.engine.restore({ lastNumber: queue.value.lastNumber, settings: salvage.settings, operations: salvage.operations });
      const sources = addSources(device, home, salvage);
      return done({ setAside, sources, changes: salvage.operations.length });
    } finally {
      await device.close();
    }
  } finally {
    await connection.close();
  }
}

function addSources({ engine }: Device, home: Home, { sources }: Salvage): number {
  let added = 0;
  const all = sources.length > 0 ? sources : openWitnesses(home.witnesses).locations().map((location) => ({ kind: isFolder(location) ? 'folder' : 'source', location }) as const);
  for (const { kind, location } of all) {
    const result = kind === 'folder' ? engine.setFolder(location) : engine.addSource(location);
    if (result.ok) added += 1;
  }
  return added;
}

function isFolder(location: string): boolean {
  try {
    return isLibraryFolder(location);
  } catch {
    return false;
  }
}

const nothing: Salvage = { sources: [], settings: {}, operations: [] };
const KEPT_SETTINGS: ReadonlySet<string> = new Set(['settings', 'settingsSync', 'conditionsByHand', 'outsideAddress']);

/** Each table by itself: the damage may lie in another one. */
function readWhatCanBe(home: Home): Salvage {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(home.database, { readOnly: true });
  } catch {
    return nothing;
  }
  const rows = (sql: string): Record<string, unknown>[] => {
    try {
      return database.prepare(sql).all();
    } catch {
      return [];
    }
  };
  try {
    return {
      sources: rows('SELECT kind, location FROM source ORDER BY id').map((row) => ({ kind: row['kind'] === 'folder' ? 'folder' : 'source', location: String(row['location']) })),
      settings: Object.fromEntries(rows('SELECT key, value FROM meta').filter((row) => KEPT_SETTINGS.has(String(row['key'])) && isJson(row['value'])).map((row) => [String(row['key']), String(row['value'])])),
      operations: rows('SELECT operation FROM outbox WHERE seq IS NULL ORDER BY number').flatMap((row) => operationOf(row['operation'])),
    };
  } finally {
    database.close();
  }
}

function isJson(text: unknown): boolean {
  try {
    JSON.parse(String(text));
    return true;
  } catch {
    return false;
  }
}

/** Additions and offers come of themselves, of the files and the rows that are found again. */
function operationOf(text: unknown): Operation[] {
  if (!isJson(text)) return [];
  const parsed = Operation.safeParse(JSON.parse(String(text)));
  return parsed.success && parsed.data.op !== 'asset.add' && parsed.data.op !== 'offer' ? [parsed.data] : [];
}

/** The database and its side files, each under the same new name. */
function moveAway(home: Home, now: number): string {
  const to = `${home.database}.damaged-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const side of ['-wal', '-shm', '-journal', '']) if (existsSync(home.database + side)) renameSync(home.database + side, to + side);
  syncFolder(home.path);
  return to;
}
