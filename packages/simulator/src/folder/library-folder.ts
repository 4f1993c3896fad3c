import { done, failed, type LibraryFolder, type Placement, type Result, type SourceEntry, TransferError } from '@everroll/engine';
import type { Sha256 } from '@everroll/protocol';
import { numbered, safeFileName, safeFolder } from '../device/code.ts';
import { hashOf } from '../world/hash.ts';
import type { Folder, FolderFile } from './folder.ts';
import { withMark } from './preview-file.ts';
import { entryOf, folderSource, type FolderUser, isSame } from './source.ts';

/** Told of what the engine does to a folder; the model judges it. */
export interface FolderWatcher {
  removed(folder: Folder, path: string, file: FolderFile): void;
  /** An original gives way to a picture. */
  evicted(folder: Folder, path: string, file: FolderFile): void;
}

/** The port `LibraryFolder` over a simulated folder that a person has marked. */
export function libraryFolder(folder: Folder, user: FolderUser, watcher: FolderWatcher): LibraryFolder {
  const there = (): Result<never> | undefined => (folder.mounted && folder.marked ? undefined : failed('source_missing', { detail: 'its marker is not there' }));
  return {
    ...folderSource(folder, user),
    async staged(sha256) {
      await user.wait();
      return folder.mounted ? (folder.staged.get(sha256)?.length ?? 0) : 0;
    },
    async stage(sha256, from, body, signal) {
      const gone = there();
      if (gone) return gone;
      let have = grown((folder.staged.get(sha256) ?? new Uint8Array(0)).slice(0, from), from);
      folder.staged.set(sha256, have);
      try {
        for await (const chunk of body) {
          await user.wait();
          signal.throwIfAborted();
          const lost = there();
          if (lost) return lost;
          if (folder.full) return failed('device_full', { detail: 'ENOSPC' });
          const more = new Uint8Array(have.length + chunk.length);
          more.set(have);
          more.set(chunk, have.length);
          have = more;
          folder.staged.set(sha256, have);
        }
      } catch (error) {
        if (error instanceof TransferError) return failed(error.code, { detail: error.message });
        throw error;
      }
      return done(have.length);
    },
    async place(sha256, wanted) {
      await user.wait();
      const gone = there();
      if (gone) return gone;
      const content = folder.staged.get(sha256);
      if (!content) return failed('vanished', { detail: 'nothing is staged' });
      if (hashOf(content) !== sha256) {
        folder.staged.delete(sha256);
        return failed('bit_rot', { detail: 'what was downloaded is not what was saved' });
      }
      if (folder.full) return failed('device_full', { detail: 'ENOSPC' });
      folder.staged.delete(sha256);
      return done(put(folder, content, sha256, wanted));
    },
    async tidy(isToCome) {
      if (there()) return;
      for (const sha256 of folder.staged.keys()) if (!isToCome(sha256 as Sha256)) folder.staged.delete(sha256);
    },
    async stagePreview(sha256, { content }) {
      await user.wait();
      const gone = there();
      if (gone) return gone;
      if (folder.full) return failed('device_full', { detail: 'ENOSPC' });
      folder.previews.set(sha256, withMark(content, sha256));
      return done(undefined);
    },
    async placePreview(sha256, wanted) {
      await user.wait();
      const gone = there();
      if (gone) return gone;
      const content = folder.previews.get(sha256);
      if (!content) return failed('vanished', { detail: 'nothing is staged' });
      folder.previews.delete(sha256);
      return done(put(folder, content, hashOf(content), wanted));
    },
    async evict(expected, sha256, name) {
      const gone = there();
      if (gone) return gone;
      const content = folder.previews.get(sha256);
      if (!content) return failed('vanished', { detail: 'nothing is staged' });
      folder.previews.delete(sha256);
      const preview = put(folder, content, hashOf(content), { folder: '', name, modifiedAt: expected.modifiedAt, beside: expected.localId });
      // A kill may come between the two.
      await user.wait();
      const file = folder.files.get(expected.localId);
      if (!file || !isSame(expected, expected.localId, file)) {
        folder.remove(preview.localId);
        return done({ what: file ? 'changed' : 'gone' });
      }
      watcher.evicted(folder, expected.localId, file);
      folder.remove(expected.localId);
      return done({ what: 'evicted', preview });
    },
    room() {
      if (folder.capacity === null || !folder.mounted) return null;
      const used = [...folder.files.values()].reduce((sum, file) => sum + file.content.length, 0);
      return { freeBytes: Math.max(0, folder.capacity - used), totalBytes: folder.capacity };
    },
    async remove(expected: SourceEntry) {
      await user.wait();
      const gone = there();
      if (gone) return gone;
      const file = folder.files.get(expected.localId);
      if (!file) return done('gone');
      if (!isSame(expected, expected.localId, file)) return done('changed');
      watcher.removed(folder, expected.localId, file);
      folder.remove(expected.localId);
      return done('removed');
    },
  };
}

function put(folder: Folder, content: Uint8Array, sha256: string, wanted: Placement): SourceEntry {
  const parts = wanted.beside === undefined ? safeFolder(wanted.folder) : wanted.beside.split('/').slice(0, -1);
  const path = freePath(folder, parts, safeFileName(wanted.name), sha256);
  return entryOf(path, folder.files.get(path) ?? folder.write(path, content, wanted.modifiedAt));
}

/** The name, or one beside it that is free; a file that is already there with these bytes is the one. */
function freePath(folder: Folder, parts: readonly string[], name: string, sha256: string): string {
  for (let attempt = 0; ; attempt += 1) {
    const path = [...parts, numbered(name, attempt)].join('/');
    const taken = folder.isTaken(path);
    if (taken === undefined) return path;
    const there = folder.files.get(taken);
    if (there && hashOf(there.content) === sha256) return taken;
  }
}

/** A hole before `length` is filled with nothing, and fails the hash later. */
function grown(content: Uint8Array, length: number): Uint8Array {
  if (content.length >= length) return content;
  const whole = new Uint8Array(length);
  whole.set(content);
  return whole;
}
