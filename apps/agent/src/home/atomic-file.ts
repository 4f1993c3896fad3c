import type { Buffer } from 'node:buffer';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces a small file so that a reader and a power cut see the old content or the new one. Only the
 * owner may read it: what lies in a device's home is nobody else's.
 */
export function writeAtomically(path: string, content: string): void {
  const fresh = `${path}.${process.pid}.new`;
  const file = openSync(fresh, 'w', 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

/** Makes new names in a folder durable. Windows has no such call and keeps its own journal of names. */
export function syncFolder(path: string | Buffer): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
