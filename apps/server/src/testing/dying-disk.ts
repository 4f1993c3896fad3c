import type { DiskFile, DiskFs } from '../originals/disk-fs.ts';

/** What a killed process does next: nothing. */
export class Died extends Error {
  override readonly name = 'Died';
}

/**
 * A disk under a process that is killed at one step: every step before it is carried out, none
 * after it. `killedAfter` says whether the step itself is. Reading is no step.
 */
export function dyingDisk(disk: DiskFs, killedAt: number, killedAfter: boolean): DiskFs & { readonly steps: () => number } {
  let steps = 0;
  const step = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    steps += 1;
    if (steps > killedAt || (steps === killedAt && !killedAfter)) throw new Died();
    const result = await work();
    if (steps >= killedAt) throw new Died();
    return result;
  };
  return {
    ...disk,
    steps: () => steps,
    open: async (path, mode) => {
      if (mode !== 'create') return dyingFile(await disk.open(path, mode), step);
      // The system closes what a killed process had open.
      let file: DiskFile | undefined;
      try {
        return dyingFile(await step(async () => (file = await disk.open(path, mode))), step);
      } catch (error) {
        await file?.close();
        throw error;
      }
    },
    link: (existing, path) => step(() => disk.link(existing, path)),
    copy: (from, to) => step(() => disk.copy(from, to)),
    rename: (from, to) => step(() => disk.rename(from, to)),
    unlink: (path) => step(() => disk.unlink(path)),
    makeFolder: (path) => step(() => disk.makeFolder(path)),
    syncFolder: (path) => step(() => disk.syncFolder(path)),
  };
}

function dyingFile(file: DiskFile, step: <Result>(work: () => Promise<Result>) => Promise<Result>): DiskFile {
  return {
    ...file,
    writev: (chunks, position) => step(() => file.writev(chunks, position)),
    truncate: (bytes) => step(() => file.truncate(bytes)),
    sync: () => step(() => file.sync()),
  };
}
