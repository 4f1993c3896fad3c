import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Synced } from '../measures/device-sync.ts';
import { freePort } from '../stand/ports.ts';
import { cpuSeconds } from '../stand/processes.ts';
import { run } from '../stand/programs.ts';
import { type Place, settled } from './place.ts';

/** `rclone serve webdav` on the first device and `rclone copy` on the second, with settings of their own. */
export async function syncByRclone({ folder, source, target }: Place): Promise<Synced> {
  const port = await freePort();
  const env = { RCLONE_CONFIG: `${folder}/rclone.conf` };
  const server = spawn('rclone', ['serve', 'webdav', source, '--addr', `127.0.0.1:${port}`, '--read-only'], { stdio: 'ignore', env: { ...process.env, ...env } });
  const exited = once(server, 'exit');
  try {
    await run('rclone', ['lsd', ':webdav:', '--webdav-url', `http://127.0.0.1:${port}`, '--retries', '20', '--low-level-retries', '20', '--retries-sleep', '200ms'], env);
    await settled();
    const before = cpuSeconds(server.pid ?? 0);
    const copied = await run('rclone', ['copy', ':webdav:', target, '--webdav-url', `http://127.0.0.1:${port}`, '--transfers', '4'], env);
    return { seconds: copied.seconds, cpuSeconds: copied.cpuSeconds + cpuSeconds(server.pid ?? 0) - before };
  } finally {
    server.kill('SIGKILL');
    await exited;
  }
}
