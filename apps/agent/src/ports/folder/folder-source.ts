import { lstatSync } from 'node:fs';
import { type Result, type Source, type SourceEntry, done, failed } from '@everroll/engine';
import { fileFault, rootFault } from './disk-faults.ts';
import { entryOf, statOf } from './entry.ts';
import { inspectFile } from './inspect.ts';
import { listFolder } from './listing.ts';
import { diskPathOf } from './local-path.ts';
import { readFile } from './read-file.ts';
import type { Witnesses } from './witnesses.ts';

/** A folder and all below it as a source: read, never written. */
export function openFolderSource(root: string, witnesses: Witnesses): Source {
  return {
    list: (signal) => listFolder(root, witnesses, signal),
    async stat(localId) {
      return statFile(root, witnesses, localId);
    },
    async inspect(localId, signal) {
      const inspected = await inspectFile(root, localId, signal);
      return inspected.ok || inspected.failure.code !== 'vanished' ? inspected : (absenceOf(root, witnesses) ?? inspected);
    },
    read: (expected, from, length) => readFile(diskPathOf(root, expected.localId), expected, from, length),
  };
}

export function statFile(root: string, witnesses: Witnesses, localId: string): Result<SourceEntry | undefined> {
  try {
    const path = diskPathOf(root, localId);
    const stat = statOf(path);
    if (stat === undefined || !stat.isFile()) return absenceOf(root, witnesses) ?? done(undefined);
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    return done(entryOf(localId, stat, isLink));
  } catch (error) {
    return absenceOf(root, witnesses) ?? fileFault(error);
  }
}

/**
 * A file is gone only from a root that is there. A root that is another folder than when it was
 * last listed may be a mount point without its disk: the next listing tells.
 */
function absenceOf(root: string, witnesses: Witnesses): Result<never> | undefined {
  try {
    const stat = statOf(root);
    if (stat?.isDirectory() !== true) return failed('source_missing', { detail: `${root} is not there` });
    const before = witnesses.of(root);
    if (before === undefined || before.root === `${stat.dev}:${stat.ino}`) return undefined;
    return failed('source_missing', { detail: `${root} is another folder than before: is its disk mounted?` });
  } catch (error) {
    const fault = rootFault(error);
    return failed(fault.code, { detail: fault.message });
  }
}
