import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Synced } from '../measures/device-sync.ts';
import { freePort } from '../stand/ports.ts';
import { cpuSeconds } from '../stand/processes.ts';
import { run } from '../stand/programs.ts';
import { type Place, settled } from './place.ts';

const LOOK_MS = 50;
/** Asked for by its interface for programs: https://docs.syncthing.net/dev/rest.html */
const FOLDER = 'bench';

/** Two devices on loopback that know each other's address, without discovery, relays or NAT traversal. */
export async function syncBySyncthing({ folder, source, target, files }: Place): Promise<Synced> {
  const one = await Device.start(join(folder, 'one'));
  const two = await Device.start(join(folder, 'two'));
  try {
    await one.share(source, two, 'sendonly');
    // Its own hashing is what it did when it got the files, as Everroll's first device did.
    while ((await one.status()).localFiles < files || (await one.status()).state !== 'idle') await delay(LOOK_MS);
    await settled();
    const cpu = (): number => cpuSeconds(one.pid) + cpuSeconds(two.pid);
    const before = cpu();
    const began = performance.now();
    await two.share(target, one, 'receiveonly');
    for (;;) {
      const { localFiles, needFiles, state } = await two.status();
      if (localFiles >= files && needFiles === 0 && state === 'idle') break;
      await delay(LOOK_MS);
    }
    return { seconds: (performance.now() - began) / 1000, cpuSeconds: cpu() - before };
  } finally {
    await one.stop();
    await two.stop();
  }
}

interface FolderStatus {
  readonly localFiles: number;
  readonly needFiles: number;
  readonly state: string;
}

class Device {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #key: string;
  readonly id: string;
  readonly address: string;

  private constructor(child: ChildProcess, url: string, key: string, id: string, address: string) {
    this.#child = child;
    this.#url = url;
    this.#key = key;
    this.id = id;
    this.address = address;
  }

  static async start(home: string): Promise<Device> {
    await mkdir(home, { recursive: true });
    await run('syncthing', ['generate', '--home', home, '--no-default-folder', '--skip-port-probing']);
    const [gui, listen] = [await freePort(), await freePort()];
    const key = 'bench'.repeat(6);
    const child = spawn('syncthing', ['serve', '--home', home, '--no-browser', '--no-restart', '--no-upgrade', '--gui-address', `127.0.0.1:${gui}`, '--gui-apikey', key], { stdio: 'ignore', env: { ...process.env, STNORESTART: '1', STNOUPGRADE: '1', HOME: home } });
    const url = `http://127.0.0.1:${gui}/rest`;
    const id = /<device id="([A-Z0-9-]+)"/.exec(await readFile(join(home, 'config.xml'), 'utf8'))?.[1] ?? '';
    const device = new Device(child, url, key, id, `tcp://127.0.0.1:${listen}`);
    while (!(await device.#ask('system/ping').catch(() => undefined))) await delay(LOOK_MS);
    await device.#put('config/options', { listenAddresses: [device.address], globalAnnounceEnabled: false, localAnnounceEnabled: false, relaysEnabled: false, natEnabled: false, urAccepted: -1, crashReportingEnabled: false, autoUpgradeIntervalH: 0 }, 'PATCH');
    return device;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async share(path: string, other: Device, type: 'sendonly' | 'receiveonly'): Promise<void> {
    await this.#put('config/devices', { deviceID: other.id, name: 'other', addresses: [other.address] }, 'POST');
    await this.#put('config/folders', { id: FOLDER, label: FOLDER, path, type, devices: [{ deviceID: this.id }, { deviceID: other.id }], fsWatcherEnabled: false, minDiskFree: { value: 0, unit: '%' } }, 'POST');
  }

  async status(): Promise<FolderStatus> {
    return (await this.#ask(`db/status?folder=${FOLDER}`)) as FolderStatus;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    // It is two processes, the one the other's monitor, which ends it and waits for it.
    this.#child.kill('SIGTERM');
    await exited;
  }

  async #ask(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#url}/${path}`, { headers: { 'X-API-Key': this.#key } });
    if (!answer.ok) throw new Error(`syncthing: ${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  }

  async #put(path: string, body: unknown, method: string): Promise<void> {
    const answer = await fetch(`${this.#url}/${path}`, { method, headers: { 'X-API-Key': this.#key, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`syncthing: ${path}: ${answer.status} ${await answer.text()}`);
  }
}
