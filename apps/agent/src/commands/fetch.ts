import { mkdirSync, rmSync } from 'node:fs';
import { open, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { atMost, type Result, TransferError, done, failed } from '@everroll/engine';
import type { Asset, Resource } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { syncFolder } from '../home/atomic-file.ts';
import { formatBytes, formatItems } from '../output/format.ts';
import { claimName } from '../ports/folder/claim-name.ts';
import { fileFault, isFull, textOf } from '../ports/folder/disk-faults.ts';
import { hashFile } from '../ports/folder/hash-file.ts';
import { safeFileName } from '../ports/folder/safe-name.ts';
import { consentLacking } from './consent.ts';
import { type Context, withLibrary } from './context.ts';
import { openCommand } from './open.ts';
import { namedAssets } from './named-assets.ts';
import { type Outcome, failedWith, succeeded } from './outcome.ts';

export interface FetchOptions {
  /** A folder; absent: the library folder. */
  readonly to?: string;
  readonly consent?: boolean;
}

/** Originals into a folder, byte for byte; a fetch that was cut off goes on when it is asked for again. */
export function fetchCommand(context: Context, names: readonly string[], options: FetchOptions): Promise<Outcome> {
  const { to } = options;
  if (to === undefined) return openCommand(context, names, options);
  return withLibrary(context, async (device) => {
    const named = namedAssets(device.engine, names);
    if (!named.ok) return named.outcome;
    await device.surroundings.first();
    const wanted = named.assets.flatMap(({ resources }) => resources).reduce((sum, resource) => sum + resource.bytes, 0);
    const lacking = options.consent === true ? undefined : consentLacking(device.engine, wanted);
    if (lacking !== undefined) return failedWith(lacking);
    const folder = resolve(to);
    mkdirSync(folder, { recursive: true });
    const files: { assetId: string; sha256: string; path: string; bytes: number }[] = [];
    for (const asset of named.assets) {
      for (const resource of asset.resources) {
        const path = await fetchOne(device, asset, resource, folder, context.signal);
        if (!path.ok) return failedWith(path.failure);
        files.push({ assetId: asset.id, sha256: resource.sha256, path: path.value, bytes: resource.bytes });
      }
    }
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return succeeded({ files, bytes }, [`${formatItems(named.assets.length)} fetched, ${formatBytes(bytes)}:`, ...files.map(({ path }) => `  ${path}`)]);
  });
}

async function fetchOne({ ports, engine }: Device, asset: Asset, { sha256, bytes, name }: Resource, folder: string, signal: AbortSignal): Promise<Result<string>> {
  const library = engine.identity()?.library.id;
  if (library === undefined) return failed('signed_out');
  const staged = join(folder, `.everroll-${sha256}.part`);
  try {
    const from = Math.min(bytes, (await stat(staged).catch(() => undefined))?.size ?? 0);
    if (from < bytes) {
      const body = await ports.server.download(library, sha256, from, signal);
      if (!body.ok) return body;
      await append(staged, from, atMost(bytes - from, body.value));
    }
    if ((await hashFile(staged)).sha256 !== sha256) {
      rmSync(staged, { force: true });
      return failed('bit_rot', { detail: `${name}: what was fetched is not what was saved` });
    }
    const taken = new Date(asset.capture.at);
    await utimes(staged, taken, taken).catch(() => undefined);
    const claimed = await claimName(staged, folder, safeFileName(name), sha256);
    syncFolder(folder);
    return done(join(folder, claimed));
  } catch (error) {
    if (error instanceof TransferError) return failed(error.code, { detail: error.message });
    return isFull(error) ? failed('device_full', { detail: textOf(error) }) : fileFault(error);
  }
}

async function append(path: string, from: number, body: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.truncate(from);
    for await (const chunk of body) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}
