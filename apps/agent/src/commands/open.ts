import { join } from 'node:path';
import type { Failure, Whereabouts } from '@everroll/engine';
import type { Asset } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { runUntilIdle } from '../device/run.ts';
import { isRunnerLocked, takeRunnerLock } from '../home/runner-lock.ts';
import { formatBytes, formatItems } from '../output/format.ts';
import { showProgress } from '../output/progress-line.ts';
import { consentLacking } from './consent.ts';
import { type Context, withLibrary } from './context.ts';
import { namedAssets } from './named-assets.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

export interface OpenOptions {
  readonly consent?: boolean;
}

const LOOK_MS = 200;

/**
 * Originals into the library folder, in the place of their previews; a fetch that was cut off goes on where it
 * was. What this device has elsewhere, in a source, is opened there and not fetched a second time.
 */
export function openCommand(context: Context, names: readonly string[], options: OpenOptions): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const { engine } = device;
    if (engine.storage() === null) return wrongUse('This device has no library folder. Into any other folder: everroll fetch PHOTO --to FOLDER');
    const named = namedAssets(engine, names);
    if (!named.ok) return named.outcome;
    await device.surroundings.first();
    const lackingHere = named.assets.filter(({ id }) => !isHere(device, id));
    const { bytes } = engine.askable(lackingHere.map(({ id }) => ({ assetId: id })));
    const lacking = options.consent === true ? undefined : consentLacking(engine, bytes);
    if (lacking !== undefined) return failedWith(lacking);
    // What lies in the folder is asked for too: it was used just now, and stays.
    for (const { id } of named.assets) if (!isHere(device, id) || isInFolder(device, id)) engine.ask({ assetId: id }, options.consent === true);
    await untilHere(context, device, lackingHere);
    const places = named.assets.flatMap(({ id }) => engine.whereabouts(id).map((place) => ({ assetId: id, ...place })));
    const missing = places.find(({ here }) => here.length === 0);
    if (missing) return failedWith(reasonOf(device, missing));
    const files = places.flatMap(({ assetId, sha256, here, bytes: size }) => here.slice(0, 1).map(({ source, localId }) => ({ assetId, sha256, path: join(source, localId), bytes: size })));
    return succeeded({ files, fetchedBytes: bytes }, [`${formatItems(named.assets.length)} here, ${bytes === 0 ? 'nothing had to be fetched' : `${formatBytes(bytes)} fetched`}:`, ...files.map(({ path }) => `  ${path}`)]);
  });
}

const isHere = ({ engine }: Device, id: Asset['id']): boolean => engine.whereabouts(id).every(({ here }) => here.length > 0);

function isInFolder({ engine }: Device, id: Asset['id']): boolean {
  const folder = engine.sources().find(({ kind }) => kind === 'folder')?.location;
  return engine.whereabouts(id).every(({ here }) => here.some(({ source }) => source === folder));
}

/** By the process that keeps this device in sync, or here, and no longer than it takes. */
async function untilHere(context: Context, device: Device, assets: readonly Asset[]): Promise<void> {
  const { engine, home, ports } = device;
  const areHere = (): boolean => assets.every(({ id }) => isHere(device, id));
  const isStuck = (): boolean => assets.some(({ id }) => engine.whereabouts(id).some(({ wanted }) => (wanted?.reason ?? null) !== null));
  const endDisplay = context.json ? () => undefined : showProgress(process.stderr, () => engine.progress());
  const lock = areHere() ? null : takeRunnerLock(home.runner);
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  try {
    if (lock === null) {
      while (!areHere() && !isStuck() && !context.signal.aborted && isRunnerLocked(home.runner)) await ports.clock.sleep(LOOK_MS, context.signal);
      return;
    }
    const run = runUntilIdle(device, signal).finally(() => ended.abort());
    while (!signal.aborted) {
      if (areHere()) ended.abort();
      else await ports.clock.sleep(LOOK_MS, signal);
    }
    await run;
  } finally {
    lock?.release();
    endDisplay();
  }
}

/** Why an original did not come. */
function reasonOf({ engine }: Device, { wanted }: Whereabouts): Failure {
  if (wanted?.reason) return { code: wanted.reason.code, evidence: wanted.reason.evidence };
  const [blocking] = engine.status().reasons.filter((reason) => reason.class === 'blocked' || reason.class === 'waiting');
  return blocking ? { code: blocking.code, evidence: blocking.evidence } : { code: 'server_unreachable', evidence: {} };
}
