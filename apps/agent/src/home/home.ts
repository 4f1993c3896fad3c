import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where one device keeps its state. Several devices on one machine have a home each. */
export interface Home {
  readonly path: string;
  /** The engine's database. */
  readonly database: string;
  /** Server and token. */
  readonly session: string;
  /** Held by the one process that runs the engine. */
  readonly runner: string;
  readonly witnesses: string;
}

export function homeFrom(env: Readonly<Record<string, string | undefined>>): Home {
  const path = resolve(env['EVERROLL_HOME'] || join(homedir(), '.everroll'));
  return {
    path,
    database: join(path, 'device.db'),
    session: join(path, 'session.json'),
    runner: join(path, 'runner.lock'),
    witnesses: join(path, 'witnesses.json'),
  };
}

/** Nobody else may look into it: names, dates and places of photos lie in the database. */
export function makeHome(home: Home): void {
  mkdirSync(home.path, { recursive: true, mode: 0o700 });
}
