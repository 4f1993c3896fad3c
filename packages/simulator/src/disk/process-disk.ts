import type { DiskFile, DiskFs } from '../server/code.ts';
import type { Disk } from './disk.ts';
import type { FileNode } from './tree.ts';

/** A process at its disk: each operation takes time, and may be the one at which it is killed. */
export interface DiskUser {
  /**
   * Waits for the disk. Where the process is killed here, `halfDone` is carried out first: what of the
   * operation had happened by then.
   */
  operation(name: string, halfDone?: () => void): Promise<void>;
  /** Whether this sync fails. */
  syncFails(): boolean;
  failSync(file: FileNode): never;
}

/** The port `DiskFs` over a simulated disk. */
export function processDisk(diskOf: () => Disk, user: DiskUser): DiskFs {
  const at = async <T>(name: string, work: (disk: Disk) => T, whenKilled?: () => void): Promise<T> => {
    await user.operation(name, whenKilled);
    return work(diskOf());
  };
  /** A change of names that a kill may find done or not. */
  const changing = async (name: string, work: (disk: Disk) => void): Promise<void> => at(name, work, () => work(diskOf()));
  return {
    open: async (path, mode) => openFile(await at(`open ${mode}`, (disk) => disk.open(path, mode)), diskOf, user, at),
    link: (existing, path) => changing('link', (disk) => disk.link(existing, path)),
    copy: (from, to) => changing('copy', (disk) => disk.copy(from, to)),
    rename: (from, to) => changing('rename', (disk) => disk.rename(from, to)),
    unlink: (path) => changing('unlink', (disk) => disk.unlink(path)),
    makeFolder: (path) => changing('mkdir', (disk) => disk.makeFolder(path)),
    removeEmptyFolder: (path) => changing('rmdir', (disk) => disk.removeEmptyFolder(path)),
    syncFolder: (path) => changing('syncFolder', (disk) => disk.syncFolder(path)),
    stat: (path) => at('stat', (disk) => disk.stat(path)),
    list: (path) => at('list', (disk) => disk.list(path)),
    freeBytes: () => at('statfs', (disk) => disk.freeBytes()),
  };
}

type At = <T>(name: string, work: (disk: Disk) => T, whenKilled?: () => void) => Promise<T>;

function openFile(file: FileNode, diskOf: () => Disk, user: DiskUser, at: At): DiskFile {
  return {
    async writev(chunks, position) {
      let offset = position;
      for (const chunk of chunks) {
        // A write that is killed half way has stored the half.
        await at('write', (disk) => disk.write(file, chunk, offset), () => diskOf().write(file, chunk.subarray(0, chunk.length >> 1), offset));
        offset += chunk.length;
      }
    },
    read: (into, position) =>
      at('read', () => {
        const part = file.content.subarray(position, position + into.length);
        into.set(part);
        return part.length;
      }),
    bytes: () => at('fstat', () => file.content.length),
    truncate: (bytes) => at('truncate', (disk) => disk.truncate(file, bytes)),
    sync: () => at('sync', (disk) => (user.syncFails() ? user.failSync(file) : disk.sync(file))),
    close: async () => undefined,
  };
}
