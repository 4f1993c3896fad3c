import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceGone } from '@everroll/engine';
import { syncFolder } from '../../home/atomic-file.ts';
import { rootFault } from './disk-faults.ts';
import { statOf } from './entry.ts';

/** Lies in every library folder; begins with a dot, so no listing shows it. */
const MARKER = '.everroll';

const README = `This folder belongs to Everroll. Unfinished downloads lie in it, and it shows that the library
folder is the right one and that its disk is mounted. Do not remove it: without it, Everroll leaves
the library folder alone.
`;

export const stagingOf = (root: string): string => join(root, MARKER, 'staging');

/** Makes a folder a library folder: a person's act, never the engine's, or an unmounted one would become one too. */
export function markLibraryFolder(root: string): void {
  mkdirSync(stagingOf(root), { recursive: true });
  writeFileSync(join(root, MARKER, 'README.txt'), README);
  syncFolder(join(root, MARKER));
  syncFolder(root);
}

export function isLibraryFolder(root: string): boolean {
  return statOf(join(root, MARKER))?.isDirectory() ?? false;
}

/** @throws SourceGone where the folder is not there or is not the one that was marked. */
export function requireMarker(root: string): void {
  let marked: boolean;
  try {
    marked = isLibraryFolder(root);
  } catch (error) {
    throw rootFault(error);
  }
  if (!marked) throw new SourceGone('source_missing', `${join(root, MARKER)} is not there: unmounted, moved or not a library folder`);
}
