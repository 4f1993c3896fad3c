import { beforeEach, expect, test } from 'vitest';
import { Lane } from './lane.ts';

const MINUTE = 60_000;
const clock = { time: 0 };
const disk = { free: 10 ** 12 };
let logged: string[];
let lane: Lane;

beforeEach(() => {
  clock.time = Date.UTC(2026, 0, 1);
  disk.free = 10 ** 12;
  logged = [];
  const note = (message: string) => void logged.push(message);
  lane = new Lane({ clock: { now: () => clock.time }, log: { info: note, warn: note, error: note } }, { freeBytes: () => Promise.resolve(disk.free) });
});

test('a full disk stops the work and is told of once; it goes on when there is room', async () => {
  disk.free = 100_000_000;
  for (let minute = 0; minute < 3; minute += 1) {
    expect(await lane.isOpen()).toBe(false);
    clock.time += MINUTE;
  }
  expect(logged).toEqual(['renditions: the disk is nearly full; they wait']);
  disk.free = 10 ** 12;
  expect(await lane.isOpen()).toBe(true);
  disk.free = 0;
  await lane.isOpen();
  expect(logged).toHaveLength(2);
});

test('a system that refuses is asked more and more seldom, and never less than every ten minutes', async () => {
  const waits: number[] = [];
  for (let failure = 0; failure < 8; failure += 1) {
    lane.failed('no process');
    const from = clock.time;
    while (!(await lane.isOpen())) clock.time += MINUTE / 2;
    waits.push(clock.time - from);
  }
  expect(waits.map((wait) => wait / MINUTE)).toEqual([0.5, 1, 2, 4, 8, 10, 10, 10]);
  lane.worked();
  lane.failed('no process');
  clock.time += MINUTE / 2;
  expect(await lane.isOpen()).toBe(true);
});

test('a clock that is set back holds nothing up', async () => {
  lane.failed('no process');
  clock.time -= 365 * 24 * 60 * MINUTE;
  expect(await lane.isOpen()).toBe(true);
});
