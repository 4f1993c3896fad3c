import { randomBytes } from 'node:crypto';
import { statfsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Engine, type LibraryFolder, type Ports, type Result, type Source, type Timing, done, failed, openEngine, unknownConditions } from '@everroll/engine';
import { httpServerClient } from '@everroll/engine/http';
import { STALLED_MS } from '@everroll/protocol';
import { systemReader } from '../conditions/read.ts';
import { type ConditionsWatch, watchConditions } from '../conditions/watch.ts';
import { type Home, makeHome } from '../home/home.ts';
import { watchedAddress } from '../home/session-file.ts';
import { openFolderSource } from '../ports/folder/folder-source.ts';
import { openLibraryFolder } from '../ports/folder/library-folder.ts';
import { openWitnesses } from '../ports/folder/witnesses.ts';
import { type Connection, connect } from '../ports/http/connection.ts';
import { hasNetwork } from '../ports/http/faults.ts';
import { openNodeDriver } from '../ports/node-driver.ts';

/** The engine of one home with the real world behind its ports. */
export interface Device {
  readonly home: Home;
  readonly engine: Engine;
  readonly ports: Ports;
  readonly connection: Connection;
  /** What the system tells of network and power; nothing before its `first()`. */
  readonly surroundings: ConditionsWatch;
  /** After how long without progress the doctor looks by itself. */
  readonly stallMs: number;
  close(): Promise<void>;
}

/** Fails with `local_database_corrupt` or `replica_newer_than_program`. */
export function openDevice(home: Home, timing: Partial<Timing> = {}): Result<Device> {
  makeHome(home);
  const address = watchedAddress(home.session);
  const connection = connect(address);
  const witnesses = openWitnesses(home.witnesses);
  const closed = new AbortController();
  const surroundings = watchConditions(systemReader(closed.signal));
  const sources = new Map<string, Source>();
  const folders = new Map<string, LibraryFolder>();
  try {
    const ports: Ports = {
      driver: openNodeDriver(home.database),
      server: httpServerClient(connection),
      clock: { now: () => Date.now(), sleep },
      random: { id: () => randomBytes(16).toString('hex'), fraction: () => Math.random() },
      openSource: ({ location }) => kept(sources, location, () => openFolderSource(location, witnesses)),
      openFolder: ({ location }) => kept(folders, location, () => openLibraryFolder(location, witnesses)),
      conditions: () => ({ ...unknownConditions, ...surroundings.latest(), online: isLoopback(address()?.url) || hasNetwork() }),
      freeBytes: () => freeBytesAt(home.path),
    };
    const engine = openEngine(ports, timing);
    if (!engine.ok) {
      ports.driver.close();
      return engine;
    }
    return done({
      home,
      engine: engine.value,
      ports,
      connection,
      surroundings,
      stallMs: timing.stallMs ?? STALLED_MS,
      async close() {
        closed.abort();
        engine.value.close();
        await connection.close();
      },
    });
  } catch (error) {
    if (isDatabaseFault(error)) return failed('local_database_corrupt', { detail: `${home.database}: ${error.message}` });
    throw error;
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // A timer holds 31 bits; who sleeps longer is woken and looks again.
  await delay(Math.min(ms, 2 ** 31 - 1), undefined, { signal }).catch(() => undefined);
}

function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** A server on this very machine is reached without any network. */
const isLoopback = (url: string | undefined): boolean => url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

function freeBytesAt(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
export function isDatabaseFault(error: unknown): error is Error {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && [11, 26].includes(error.errcode & 0xff);
}
