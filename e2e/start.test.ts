import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { writeSampleLibrary } from '@everroll/media/samples';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeviceProcess } from './harness/device.ts';
import { OWNER, Stage, stopped } from './harness/processes.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

/** What `npm start` runs, and the lines that it prints up to the one that says where the data lies. */
async function start(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.ts'), ...args], {
    env: { PATH: process.env['PATH'], EVERROLL_PORT: '0', EVERROLL_DATA: join(stage.path, 'data'), EVERROLL_HOME: join(stage.path, 'device'), EVERROLL_SETTLE_SECONDS: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (line.includes('Data')) break;
  }
  child.stdout.resume();
  return { child, printed: printed.join('\n'), url: /Address +(\S+)/.exec(printed.join('\n'))?.[1] ?? '' };
}

test('npm start -- FOLDER, with the owner in the settings: the folder is saved, and one signal ends all', async () => {
  const photos = join(stage.path, 'photos');
  await writeSampleLibrary(photos, { photos: 3, livePhotos: 1, videos: 0 });
  const { child } = await start([photos], { EVERROLL_OWNER_EMAIL: OWNER.email, EVERROLL_OWNER_PASSWORD: OWNER.password });
  const device = new DeviceProcess(stage, 'device');
  for (;;) {
    const { stdout } = await device.run('status', '--json');
    if ((JSON.parse(stdout) as { items: { verified: number } }).items.verified === 5) break;
  }
  expect(await stopped(child)).toBe(0);
  expect(await device.ask(['status'])).toMatchObject({ running: false });
});

test('without an account it says where to make one, and begins as soon as it is made', async () => {
  const photos = join(stage.path, 'photos');
  await writeSampleLibrary(photos, { photos: 2, livePhotos: 0, videos: 0 });
  const { child, printed, url } = await start([photos], {});
  const code = /\?code=([a-z2-7-]+)/.exec(printed)?.[1];
  expect(code).toBeDefined();
  const made = await fetch(`${url}/api/v1/setup`, { method: 'POST', headers: { 'content-type': 'application/json', 'everroll-protocol': '1' }, body: JSON.stringify({ code, email: OWNER.email, name: 'Ada', password: OWNER.password }) });
  expect(made.ok).toBe(true);
  const device = new DeviceProcess(stage, 'device');
  for (;;) {
    const { stdout } = await device.run('status', '--json');
    if ((JSON.parse(stdout) as { items: { verified: number } }).items.verified === 2) break;
  }
  expect(await stopped(child)).toBe(0);
});

test('npm start alone is the server; a folder that is none is wrong use', async () => {
  const { child, url, printed } = await start([], {});
  expect(printed).toContain(join(stage.path, 'data'));
  expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({ name: 'everroll', setup: 'needed' });
  expect(await stopped(child)).toBe(0);
  const wrong = spawn(process.execPath, [join(root, 'scripts', 'start.ts'), '/no/such/folder'], { stdio: 'ignore' });
  expect((await once(wrong, 'exit'))[0]).toBe(2);
});

test('it ends when what started it is gone', async () => {
  // As npm does it: a shell in between, which is killed alone.
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${join(root, 'scripts', 'start.ts')}"; true`], {
    env: { PATH: process.env['PATH'], EVERROLL_PORT: '0', EVERROLL_DATA: join(stage.path, 'data') },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: shell.stdout });
  for await (const line of lines) if (line.includes('Data')) break;
  shell.kill('SIGKILL');
  // The pipe is closed by the last process that holds it.
  shell.stdout.resume();
  await once(shell.stdout, 'close');
  expect(shell.signalCode).toBe('SIGKILL');
});

test('the set-up says nothing when nothing is to be done', async () => {
  const child = spawn(process.execPath, [join(root, 'scripts', 'setup.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  expect([(await once(child, 'close'))[0], printed]).toEqual([0, '']);
});
