import { type Bytes, done, failed, type Inspection, type Listed, type Result, type Source, type SourceEntry, SourceGone, TransferError } from '@everroll/engine';
import type { Sha256 } from '@everroll/protocol';
import { hashOf } from '../world/hash.ts';
import type { Folder, FolderFile } from './folder.ts';
import { factsOf, mediaTypes } from './photo-file.ts';
import { previewOf } from './preview-file.ts';

/** The process that reads: waits for its disk, and ends in `Died` when it is killed. */
export interface FolderUser {
  wait(): Promise<void>;
}

/** Files in one batch of a listing: few, so that a listing takes time in which something happens. */
const BATCH = 3;
/** Reads in which one file is read: a small one too is not read at one moment. */
const PARTS = 3;
const PART_MAX_BYTES = 64 * 1024;

/** The port `Source` over a simulated folder. */
export function folderSource(folder: Folder, user: FolderUser): Source {
  const reach = (): Result<never> | undefined => (isThere(folder) ? undefined : failed('source_missing', { detail: `${folder.location} is not there` }));
  const look = (localId: string): Result<SourceEntry | undefined> => {
    const gone = reach();
    if (gone) return gone;
    if (folder.hides(localId)) return failed('unreadable', { detail: 'EACCES' });
    const file = folder.files.get(localId);
    return done(file && entryOf(localId, file));
  };
  return {
    async *list(signal): AsyncGenerator<Listed> {
      requireThere(folder);
      await user.wait();
      for (const batch of batches([...folder.files.keys()])) {
        signal.throwIfAborted();
        requireThere(folder);
        const entries = batch.flatMap((path) => {
          const file = folder.files.get(path);
          return file && !folder.hides(path) ? [entryOf(path, file)] : [];
        });
        if (entries.length > 0) yield { what: 'entries', entries };
        await user.wait();
      }
      requireThere(folder);
      // What is not there is not met at all, readable or not.
      for (const localId of folder.unreadable) if (folder.files.keys().some((path) => path === localId || path.startsWith(`${localId}/`))) yield { what: 'unreadable', localId, detail: 'EACCES' };
    },
    async stat(localId) {
      await user.wait();
      return look(localId);
    },
    async inspect(localId, signal) {
      await user.wait();
      const before = look(localId);
      if (!before.ok) return before;
      const file = folder.files.get(localId);
      if (!before.value || !file) return failed('vanished');
      await user.wait();
      signal.throwIfAborted();
      const after = look(localId);
      if (!after.ok) return after;
      if (!after.value) return failed('vanished');
      if (folder.files.get(localId)?.content !== file.content || after.value.modifiedAt !== file.modifiedAt) return failed('changed_during_upload', { detail: 'it was written while it was being read' });
      return done(inspectionOf(after.value, file));
    },
    read: (expected, from, length) => read(folder, user, expected, from, length),
  };
}

async function* read(folder: Folder, user: FolderUser, expected: SourceEntry, from: number, length: number): Bytes {
  const first = current(folder, expected);
  const part = Math.min(PART_MAX_BYTES, Math.max(1, Math.ceil(length / PARTS)));
  for (let at = from; at < from + length; at += part) {
    await user.wait();
    // Looked at before the bytes go out: of a file that changes, its announced length is never reached.
    if (current(folder, expected).content !== first.content) throw new TransferError('changed_during_upload', 'it was written');
    yield first.content.slice(at, Math.min(at + part, from + length));
  }
}

function current(folder: Folder, expected: SourceEntry): FolderFile {
  requireThere(folder);
  if (folder.hides(expected.localId)) throw new TransferError('unreadable', 'EACCES');
  const file = folder.files.get(expected.localId);
  if (!file) throw new TransferError('vanished', expected.localId);
  if (!isSame(expected, expected.localId, file)) throw new TransferError('changed_during_upload', 'another file');
  return file;
}

export function isSame(expected: SourceEntry, localId: string, file: FolderFile): boolean {
  const entry = entryOf(localId, file);
  return entry.bytes === expected.bytes && entry.modifiedAt === expected.modifiedAt && (expected.identity === '' || entry.identity === expected.identity);
}

export function entryOf(localId: string, file: FolderFile): SourceEntry {
  return { localId, name: (localId.split('/').at(-1) ?? localId).normalize('NFC'), bytes: file.content.length, modifiedAt: file.modifiedAt, identity: `1:${file.inode}` };
}

function inspectionOf(entry: SourceEntry, file: FolderFile): Inspection {
  const facts = factsOf(file.content);
  const kind = facts?.kind ?? 'photo';
  return {
    entry,
    sha256: hashOf(file.content) as Sha256,
    isMedia: facts !== undefined,
    kind,
    mediaType: mediaTypes[kind],
    capture: facts?.capturedAt === undefined || facts.capturedAt === null ? null : { at: facts.capturedAt, offsetMinutes: null },
    place: null,
    contentIdentifier: facts?.contentIdentifier ?? null,
    previewOf: previewOf(file.content),
  };
}

export function isThere(folder: Folder): boolean {
  return folder.mounted;
}

function requireThere(folder: Folder): void {
  if (!isThere(folder)) throw new SourceGone('source_missing', `${folder.location} is not there`);
}

function* batches(paths: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < paths.length; at += BATCH) yield paths.slice(at, at + BATCH);
}
