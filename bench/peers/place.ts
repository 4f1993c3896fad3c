import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../stand/programs.ts';

/** Where a program brings files from one device to another. */
export interface Place {
  /** For all that the program keeps; it is removed afterwards. */
  readonly folder: string;
  /** What the first device has. */
  readonly source: string;
  /** Empty, of the second device. */
  readonly target: string;
  readonly files: number;
}

/** Longer than the kernel takes to give free memory back to the machine that a virtual one runs on. */
const SETTLE_MS = 6_000;

/**
 * Until memory is the same for whoever begins now. A page that was freed a moment ago costs next to nothing, one that the
 * machine below has to give again several times what it costs to copy into: without this, whoever came after another
 * program's files were removed would seem to be faster by more than programs differ. And until the disk has what was written
 * before, of which two of three make twice as much as the other.
 */
export async function settled(): Promise<void> {
  await run('sync', []);
  await delay(SETTLE_MS);
}
