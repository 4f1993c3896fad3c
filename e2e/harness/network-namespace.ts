import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ward } from './ward.ts';

/**
 * A name for the server that this machine alone knows, in a mount namespace with an /etc/hosts of its
 * own (mount_namespaces(7)): by a loopback address no device is ever offline.
 */
const NAME = 'photos.everroll.test';
const inside = (hosts: string, ...spaces: readonly string[]): string[] => ['unshare', ...spaces, 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hosts];

/** From here the device has no network (network_namespaces(7)): not one interface that is up. */
export async function withoutNetwork(ward: Ward): Promise<void> {
  const hosts = join(ward.stage.path, 'hosts');
  await writeFile(hosts, `127.0.0.1 localhost ${NAME}\n`);
  await ward.moveTo(`http://${NAME}:${ward.line.port}`);
  ward.device.through = inside(hosts, '--mount', '--net');
}

/** The network is back. */
export function withNetwork(ward: Ward): void {
  ward.device.through = inside(join(ward.stage.path, 'hosts'), '--mount');
}

export function cannotCutOff(): string | undefined {
  const [command = '', ...words] = inside('/etc/hosts', '--mount', '--net');
  return process.platform === 'linux' && spawnSync(command, [...words, 'true'], { stdio: 'ignore' }).status === 0 ? undefined : 'a network namespace needs Linux and its superuser';
}
