import { expect, test } from 'vitest';
import { programs } from './program.ts';
import { systemReader } from './read.ts';
import type { Reading } from './reading.ts';
import { watchConditions } from './watch.ts';

test('the newest reading is there at once; a change is told, and nothing where there is none', async () => {
  const readings: Reading[] = [{ charging: true }, { charging: true }, { charging: false }, { charging: false }];
  const stop = new AbortController();
  let reads = 0;
  const watch = watchConditions({
    read() {
      const reading = readings[reads++] ?? {};
      if (reads === readings.length) stop.abort();
      return Promise.resolve(reading);
    },
    everyMs: 1,
  });
  expect(watch.latest()).toEqual({});
  await watch.first();
  await watch.first();
  expect([watch.latest(), reads]).toEqual([{ charging: true }, 1]);
  const told: Reading[] = [];
  await watch.watch(() => told.push(watch.latest()), stop.signal);
  expect(told).toEqual([{ charging: false }]);
});

test('a change of network is a reason to read at once', async () => {
  const stop = new AbortController();
  let address = '192.168.1.5';
  let reads = 0;
  const watch = watchConditions(
    {
      read() {
        reads += 1;
        if (reads === 1) queueMicrotask(() => (address = '172.20.10.2'));
        else stop.abort();
        return Promise.resolve({});
      },
      everyMs: Number.MAX_SAFE_INTEGER,
    },
    () => address,
  );
  await watch.watch(() => undefined, stop.signal);
  expect(reads).toBe(2);
});

test('a system that does not answer holds a command for a moment only', async () => {
  const watch = watchConditions({ read: () => new Promise(() => undefined), everyMs: 1 });
  await watch.first();
  expect(watch.latest()).toEqual({});
});

test('a program that is not there or fails is null, and is not tried again at once; one that hangs is ended', async () => {
  let now = 0;
  const run = programs(new AbortController().signal, () => now);
  const plenty = 60_000;
  const node = process.execPath;
  expect(await run(node, ['-p', '6 * 7'], plenty)).toBe('42\n');
  expect(await run('/no/such/program', [])).toBeNull();
  expect(await run(node, ['-e', 'process.exit(3)'], plenty)).toBeNull();
  expect(await run(node, ['-e', 'setInterval(() => {}, 1000)'], 300)).toBeNull();
  const once = ['-e', 'require("node:fs").accessSync(process.env.EVERROLL_TEST_FILE)'];
  delete process.env['EVERROLL_TEST_FILE'];
  expect(await run(node, once, plenty)).toBeNull();
  process.env['EVERROLL_TEST_FILE'] = node;
  expect(await run(node, once, plenty)).toBeNull();
  now += 6 * 60_000;
  expect(await run(node, once, plenty)).toBe('');
});

test('what runs is ended when the device is closed', async () => {
  const closing = new AbortController();
  const answer = programs(closing.signal)(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], 600_000);
  closing.abort();
  expect(await answer).toBeNull();
});

test('this machine is read, and what it does not tell is left out', async () => {
  const reading = await systemReader(new AbortController().signal).read();
  for (const value of Object.values(reading)) expect(value).not.toBeNull();
  if (process.platform === 'linux') expect(reading).toHaveProperty('charging');
  expect(await systemReader(new AbortController().signal, 'aix').read()).toEqual({});
});
