import { existsSync, mkdirSync, realpathSync, rmdirSync, statfsSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Evicted, type LibraryFolder, type Placement, type Result, type Room, type SourceEntry, SourceGone, done, failed } from '@everroll/engine';
import type { Sha256 } from '@everroll/protocol';
import { syncFolder } from '../../home/atomic-file.ts';
import { claimName } from './claim-name.ts';
import { fileFault, isDiskFault, isFull, textOf } from './disk-faults.ts';
import { isSameFile, statOf } from './entry.ts';
import { openFolderSource, statFile } from './folder-source.ts';
import { FolderSync } from './folder-sync.ts';
import { hashFile } from './hash-file.ts';
import { listFolder } from './listing.ts';
import { type LocalId, diskPathOf, localIdOf } from './local-path.ts';
import { requireMarker } from './marker.ts';
import { withMark } from './preview-mark.ts';
import { safeFileName, safeFolder } from './safe-name.ts';
import { openStaging } from './staging.ts';
import type { Witnesses } from './witnesses.ts';

/** Folders that Everroll made for a year or a month: removed when the last photo leaves them. */
const dateFolder = /^\d{4}(?:\/(?:\d{4}-)?\d{2})?$/;

export function openLibraryFolder(root: string, witnesses: Witnesses): LibraryFolder {
  const source = openFolderSource(root, witnesses);
  const staging = openStaging(root);
  const names = new FolderSync();
  const placeFile = async (staged: string, sha256: Sha256, wanted: Placement): Promise<Result<SourceEntry>> => {
    await finish(staged, wanted.modifiedAt);
    const parts = safeFolder(wanted.folder);
    const { path, localId } = folderOf(root, wanted.beside) ?? { path: makeFolder(root, parts), localId: parts.join('/') };
    const name = await claimName(staged, path, safeFileName(wanted.name), sha256);
    await names.sync(path);
    const placed = statFile(root, witnesses, localIdOf(localId, name));
    if (!placed.ok) return placed;
    return placed.value === undefined ? failed('vanished') : done(placed.value);
  };
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
        if ((await staging.hash(sha256)) !== sha256) {
          await staging.drop(sha256);
          return failed('bit_rot', { detail: 'what was downloaded is not what was saved' });
        }
        return placeFile(staged, sha256, wanted);
      }),
    stagePreview: (sha256, { mediaType, content }) =>
      guarded(root, async () => {
        const marked = withMark(content, mediaType, sha256);
        if (marked === undefined) return failed('unsupported_media', { detail: `a preview of the type ${mediaType}` });
        // What came of the original before the disk was full would take the picture's room.
        await staging.drop(sha256);
        await staging.writePreview(sha256, marked);
        return done(undefined);
      }),
    placePreview: (sha256, wanted) =>
      guarded(root, async () => {
        const staged = staging.previewPath(sha256);
        const { sha256: own } = await hashFile(staged);
        return placeFile(staged, own, wanted);
      }),
    evict: (expected, sha256, name) =>
      guarded<Evicted>(root, async () => {
        if (folderOf(root, expected.localId) === undefined) return done({ what: 'changed' });
        const staged = staging.previewPath(sha256);
        const { sha256: own } = await hashFile(staged);
        const preview = await placeFile(staged, own, { folder: '', name, modifiedAt: expected.modifiedAt, beside: expected.localId });
        if (!preview.ok) return preview;
        const removed = removeFile(root, expected);
        if (removed.ok && removed.value === 'removed') return done({ what: 'evicted', preview: preview.value });
        removeFile(root, preview.value);
        return removed.ok ? done({ what: removed.value === 'gone' ? 'gone' : 'changed' }) : removed;
      }),
    remove: (expected) => guarded(root, async () => removeFile(root, expected)),
    tidy: async (isToCome) => {
      await guarded(root, async () => done(await staging.tidy(isToCome)));
    },
    room: () => roomAt(root),
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
  const file = await open(staged, 'r+');
  try {
    await file.utimes(time, time).catch(() => undefined);
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

/** The folder in which a file lies; undefined where it is not there, or reached through a link into what may be somebody else's. */
function folderOf(root: string, localId: LocalId | undefined): { readonly path: string; readonly localId: LocalId } | undefined {
  // One whose name is no text stays as it is, and what comes back goes by its date.
  if (localId === undefined || localId.startsWith('/')) return undefined;
  const parent = dirname(localId) === '.' ? '' : dirname(localId);
  const path = join(root, parent);
  if (statOf(path)?.isDirectory() !== true || !realpathSync(path).startsWith(realpathSync(root))) return undefined;
  return { path, localId: parent };
}

function roomAt(root: string): Room | null {
  try {
    requireMarker(root);
    const { bavail, blocks, bsize } = statfsSync(root);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    // A folder that is not there is told by its listing.
    if (error instanceof SourceGone || isDiskFault(error)) return null;
    throw error;
  }
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
