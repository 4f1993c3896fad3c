import { type BigIntStats, statSync } from 'node:fs';
import type { SourceEntry } from '@everroll/engine';
import { type DiskPath, type LocalId, displayNameOf } from './local-path.ts';

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
