import { existsSync, mkdirSync, realpathSync, rmdirSync, unlinkSync } from 'node:fs';
import { open, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type LibraryFolder, type Result, type SourceEntry, done, failed } from '@everroll/engine';
import { syncFolder } from '../../home/atomic-file.ts';
import { claimName } from './claim-name.ts';
import { fileFault, isFull, textOf } from './disk-faults.ts';
import { isSameFile, statOf } from './entry.ts';
import { openFolderSource, statFile } from './folder-source.ts';
import { hashFile } from './hash-file.ts';
import { listFolder } from './listing.ts';
import { diskPathOf } from './local-path.ts';
import { requireMarker } from './marker.ts';
import { safeFileName, safeFolder } from './safe-name.ts';
import { openStaging } from './staging.ts';
import type { Witnesses } from './witnesses.ts';

/** Folders that Everroll made for a year or a month: removed when the last photo leaves them. */
const dateFolder = /^\d{4}(?:\/(?:\d{4}-)?\d{2})?$/;

export function openLibraryFolder(root: string, witnesses: Witnesses): LibraryFolder {
  const source = openFolderSource(root, witnesses);
  const staging = openStaging(root);
  return {
    async *list(signal) {
      requireMarker(root);
      yield* listFolder(root, witnesses, signal, 'passed over');
      requireMarker(root);
    },
    stat: (localId) => guarded(root, async () => source.stat(localId)),
    inspect: (localId, signal) => guarded(root, () => source.inspect(localId, signal)),
    read: (expected, from, length) => source.read(expected, from, length),
    staged: (sha256) => staging.bytes(sha256),
    stage: (sha256, from, body, signal) => staging.write(sha256, from, body, signal),
    place: (sha256, wanted) =>
      guarded(root, async () => {
        const staged = staging.path(sha256);
        const { sha256: actual } = await hashFile(staged);
        if (actual !== sha256) {
          await staging.drop(sha256);
          return failed('bit_rot', { detail: 'what was downloaded is not what was saved' });
        }
        await finish(staged, wanted.modifiedAt);
        const parts = safeFolder(wanted.folder);
        const folder = makeFolder(root, parts);
        const name = await claimName(staged, folder, safeFileName(wanted.name), sha256);
        syncFolder(folder);
        const placed = statFile(root, witnesses, [...parts, name].join('/'));
        if (!placed.ok) return placed;
        return placed.value === undefined ? failed('vanished') : done(placed.value);
      }),
    remove: (expected) => guarded(root, async () => removeFile(root, expected)),
  };
}

/** No write and no answer from a folder without its marker: what is not there would be read as deleted. */
async function guarded<T>(root: string, body: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    requireMarker(root);
    return await body();
  } catch (error) {
    if (isFull(error)) return failed('device_full', { detail: textOf(error) });
    return fileFault(error);
  }
}

/**
 * The time that other programs sort by; a disk that cannot hold it (FAT before 1980) keeps its own. As
 * a Date: Node takes a negative number for the present.
 */
async function finish(staged: string, modifiedAt: number): Promise<void> {
  const time = new Date(modifiedAt);
  await utimes(staged, time, time).catch(() => undefined);
  const file = await open(staged, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the folder, each new level durable in the one above it. */
function makeFolder(root: string, parts: readonly string[]): string {
  let folder = root;
  for (const part of parts) {
    const parent = folder;
    folder = join(parent, part);
    if (existsSync(folder)) continue;
    mkdirSync(folder, { recursive: true });
    syncFolder(parent);
  }
  return folder;
}

function removeFile(root: string, expected: SourceEntry): Result<'removed' | 'changed' | 'gone'> {
  const path = diskPathOf(root, expected.localId);
  const stat = statOf(path);
  if (stat === undefined) return done('gone');
  if (!isSameFile(expected, stat)) return done('changed');
  // Never through a link into another folder, which may be somebody's source.
  const parent = dirname(expected.localId);
  if (!realpathSync(diskPathOf(root, parent === '.' ? '' : parent)).startsWith(realpathSync(root))) return done('changed');
  unlinkSync(path);
  syncFolder(diskPathOf(root, parent === '.' ? '' : parent));
  removeEmptyDateFolders(root, parent);
  return done('removed');
}

function removeEmptyDateFolders(root: string, folder: string): void {
  if (!dateFolder.test(folder)) return;
  try {
    rmdirSync(join(root, folder));
  } catch {
    return; // Something else lies in it.
  }
  removeEmptyDateFolders(root, dirname(folder));
}
