import { type BigIntStats, type Stats, statSync } from 'node:fs';
import type { SourceEntry } from '@everroll/engine';
import { type DiskPath, type LocalId, displayNameOf, presentable } from './local-path.ts';

/**
 * Whole milliseconds: a replica column holds integers, and a listing must say what `stat` says.
 * The finer check, in nanoseconds and with the time of the last inode change, is made while a file is read.
 */
export function entryOf(localId: LocalId, stat: BigIntStats, viaLink: boolean): SourceEntry {
  return {
    localId,
    name: displayNameOf(localId),
    bytes: Number(stat.size),
    modifiedAt: Number(stat.mtimeMs),
    // A link shares device and inode with its target: as an identity they would make one look like a move of the other.
    identity: viaLink || stat.ino === 0n ? '' : `${stat.dev}:${stat.ino}`,
  };
}

/**
 * Looks at many files one after another. What the system tells costs as 64-bit integers twice what it costs as numbers, and is
 * the same wherever a number holds all of it; where one does not, the file is looked at again, and those after it, which
 * mostly are of the same kind, at once as integers.
 */
export class Look {
  #asNumbers = true;

  /** The file of this name, its last part as text; undefined where there is none. */
  at(path: DiskPath, localId: LocalId, name: string): SourceEntry | undefined {
    if (this.#asNumbers) {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat?.isFile() !== true) return undefined;
      if (isExact(stat)) {
        const identity = stat.ino === 0 ? '' : `${stat.dev}:${stat.ino}`;
        return { localId, name: presentable(name), bytes: stat.size, modifiedAt: Math.floor(stat.mtimeMs), identity };
      }
    }
    const stat = statOf(path);
    if (stat?.isFile() !== true) return undefined;
    this.#asNumbers = stat.mtimeNs % NS_PER_MS !== 0n;
    return entryOf(localId, stat, false);
  }
}

const NS_PER_MS = 1_000_000n;

/**
 * Whether `entryOf` would find the same. A time is a number of milliseconds with what is left of one behind the point, some
 * 0.0002 apart: one that lies as close below a whole millisecond is rounded up to it. Any other has its whole milliseconds.
 */
const isExact = ({ dev, ino, size, mtimeMs }: Stats): boolean =>
  mtimeMs > 0 && !Number.isInteger(mtimeMs) && Number.isSafeInteger(ino) && Number.isSafeInteger(dev) && Number.isSafeInteger(size);

export const statOf = (path: DiskPath): BigIntStats | undefined => statSync(path, { bigint: true, throwIfNoEntry: false });

/** Whether nothing wrote to a file between two looks at it. */
export function isUntouched(before: BigIntStats, after: BigIntStats | undefined): boolean {
  return (
    after !== undefined &&
    before.dev === after.dev &&
    before.ino === after.ino &&
    before.size === after.size &&
    before.mtimeNs === after.mtimeNs
  );
}

/** Whether a file is still the one that a listing showed. */
export function isSameFile(expected: SourceEntry, stat: BigIntStats): boolean {
  return Number(stat.size) === expected.bytes && Number(stat.mtimeMs) === expected.modifiedAt && (expected.identity === '' || expected.identity === `${stat.dev}:${stat.ino}`);
}
