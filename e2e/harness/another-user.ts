import { spawnSync } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import type { Ward } from './ward.ts';

/** The user that nobody is (Debian's `nobody`): it may read what all may. */
const NOBODY = 65534;
const setpriv = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
const isRoot = process.getuid?.() === 0;

/** The superuser reads whatever its mode is: then the device runs as another user from here. */
export async function asAnotherUser(ward: Ward): Promise<void> {
  if (!isRoot) return;
  await chmod(ward.stage.path, 0o711);
  for (const entry of await readdir(ward.device.home, { recursive: true })) chownSync(join(ward.device.home, entry), NOBODY, NOBODY);
  chownSync(ward.device.home, NOBODY, NOBODY);
  ward.device.through = setpriv;
}

export function cannotBeAnother(): string | undefined {
  if (process.platform === 'win32') return 'Windows has other rights than modes';
  if (!isRoot) return undefined;
  const [command = '', ...words] = setpriv;
  const tried = spawnSync(command, [...words, process.execPath, '--input-type=module', '--eval', `await import(${JSON.stringify(import.meta.url)})`], { stdio: 'ignore' });
  return tried.status === 0 ? undefined : 'the tests run as root, and another user may not read this clone';
}
