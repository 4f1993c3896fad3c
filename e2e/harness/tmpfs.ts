import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ward } from './ward.ts';

/** A disk of a size that a test chooses (tmpfs(5)). */
export interface Tmpfs {
  readonly path: string;
  resize(bytes: number): void;
}

/** Whose disk it is: it goes when they do. */
type Holder = Pick<Ward, 'stage' | 'server' | 'atEnd'>;

const disks = new WeakMap<Holder, Tmpfs>();

/** Mounted in a folder of its own, or over one whose content moves onto it; unmounted with the ward. */
export function tmpfs(ward: Holder, bytes: number, over?: string): Tmpfs {
  const path = over ?? join(ward.stage.path, 'disk');
  const kept = `${path}.before`;
  mkdirSync(path, { recursive: true });
  if (over !== undefined) cpSync(path, kept, { recursive: true, preserveTimestamps: true });
  mount(path, bytes);
  ward.atEnd(async () => {
    if (over === ward.server.data) await ward.server.stop();
    execFileSync('umount', [path]);
  });
  if (existsSync(kept)) cpSync(kept, path, { recursive: true, preserveTimestamps: true });
  const disk: Tmpfs = { path, resize: (size) => void execFileSync('mount', ['-o', `remount,size=${size}`, path]) };
  disks.set(ward, disk);
  return disk;
}

export function tmpfsUnder(ward: Holder): Tmpfs {
  const disk = disks.get(ward);
  if (disk === undefined) throw new Error('this ward has no disk of its own');
  return disk;
}

function mount(path: string, bytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'everroll-test', path]);
}

export function cannotMount(): string | undefined {
  if (process.platform !== 'linux') return 'a disk of a chosen size is made on Linux alone';
  const path = mkdtempSync(join(tmpdir(), 'everroll-mount-'));
  try {
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1048576', 'everroll-test', path], { stdio: 'ignore' }).status === 0;
    if (mounted) execFileSync('umount', [path]);
    return mounted ? undefined : 'mounting a tmpfs needs the superuser';
  } finally {
    rmdirSync(path);
  }
}
