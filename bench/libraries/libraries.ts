import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `EVERROLL_BENCH_LARGEST`: no larger library is made, where there is not the time for it. */
export const largest = Number(process.env['EVERROLL_BENCH_LARGEST'] ?? Number.POSITIVE_INFINITY);

/** The sizes at which growth is measured: those that the strongest peer was measured at, and two below. */
export const sizes = [1_000, 10_000, 104_000, 1_100_000].filter((size) => size <= largest);

/**
 * Where the libraries of this run lie. `EVERROLL_BENCH_LIBRARIES` names a folder in which they stay for the
 * next run: the largest takes a minute and 2.5 GB.
 */
const kept = process.env['EVERROLL_BENCH_LIBRARIES'];
const folder = kept ?? join(tmpdir(), `everroll-bench-libraries-${process.pid}`);
const made = new Map<number, Promise<string>>();

/** The data folder of a library of so many assets, made when it is first asked for and shared by the measures of a run. */
export function libraryOf(assets: number): Promise<string> {
  const known = made.get(assets);
  if (known) return known;
  const path = makeLibrary(assets);
  made.set(assets, path);
  return path;
}

async function makeLibrary(assets: number): Promise<string> {
  const path = join(folder, `${assets}`);
  if (mkdirSync(path, { recursive: true, mode: 0o700 }) === undefined) return path;
  process.stderr.write(`Making a library of ${assets} assets …\n`);
  const child = fork(join(import.meta.dirname, 'make.ts'), [path, `${assets}`], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0) return path;
  await rm(path, { recursive: true, force: true });
  throw new Error(`A library of ${assets} assets could not be made.`);
}

export async function forgetLibraries(): Promise<void> {
  if (kept === undefined) await rm(folder, { recursive: true, force: true });
}
