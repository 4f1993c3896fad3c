import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { libraryOf } from '../libraries/libraries.ts';
import { type Options, scaled, type Table } from '../measure.ts';
import { freePort } from '../stand/ports.ts';
import { cpuSeconds, memoryOf, NODE_ENV, temporaryFolder } from '../stand/processes.ts';
import { median, spread } from '../statistics.ts';

const STARTS = 3;
/** Long enough for what a start leaves behind to be collected, and for what it begins to be under way. */
const IDLE_MS = 10_000;
const ASK_AGAIN_MS = 2;
const BIG = 1_100_000;

const programs = { bare: join(import.meta.dirname, '..', 'stand', 'bare-health.ts'), everroll: join(import.meta.dirname, '..', '..', 'scripts', 'start.ts') };

interface Started {
  readonly healthyMs: number;
  readonly cpuMs: number;
  readonly pss: number;
  readonly rss: number;
}

/** Start and idle memory of the server as a service runs it, on an empty data folder and on a library of 1.1 million. */
export async function idle(options: Options): Promise<Table> {
  const empty = await temporaryFolder();
  const big = scaled(BIG, options);
  const library = await libraryOf(big);
  const stands = [
    { name: 'bare Node with one HTTP server', program: programs.bare, data: empty },
    { name: 'Everroll, no photos', program: programs.everroll, data: empty },
    { name: `Everroll, ${big.toLocaleString('en')} photos`, program: programs.everroll, data: library },
  ];
  const found = stands.map((): Started[] => []);
  try {
    // The first turn makes databases and warms caches up, and is not counted.
    for (let turn = 0; turn <= STARTS; turn += 1) {
      for (const [place, { program, data }] of stands.entries()) {
        const started = await startOnce(program, data);
        if (turn > 0) found[place]?.push(started);
      }
    }
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
  const rows = stands.map(({ name }, place) => {
    const of = (key: keyof Started): number[] => found[place]?.map((started) => started[key]) ?? [];
    return [name, median(of('healthyMs')).toFixed(0), spread(of('healthyMs'), 0), median(of('cpuMs')).toFixed(0), median(of('pss')).toFixed(0), median(of('rss')).toFixed(0)];
  });
  const [, small, large] = rows;
  return {
    figures: { idle: `PSS ${small?.[4]} MB; ${large?.[4]} MB at ${big.toLocaleString('en')} (RSS ${small?.[5]} and ${large?.[5]} MB)`, start: `${small?.[1]} ms (${small?.[3]} ms of CPU); ${large?.[1]} ms at ${big.toLocaleString('en')}` },
    title: `Start and idle memory: ${STARTS} starts in turns, memory ${IDLE_MS / 1000} s later`,
    columns: ['server', 'ms to healthy', 'quarters', 'CPU ms to healthy', 'PSS MB', 'RSS MB'],
    rows,
    notes: [
      'All processes. PSS shares the binary of Node with whatever else runs on it here (at least this bench); alone it is at most RSS.',
      'Aims: healthy <= 1 s; <= 120 MB, and <= 200 MB at a million (PSS). The strongest peer, measured elsewhere: 5.6 s; 795 MB, and 1,234 MB at 1.1 million rows.',
    ],
  };
}

/** From the call until `GET /api/health` is answered. */
async function startOnce(program: string, data: string): Promise<Started> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, ['--max-semi-space-size=2', program], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...NODE_ENV, EVERROLL_DATA: data, EVERROLL_PORT: String(port), EVERROLL_OWNER_EMAIL: 'bench@example.com', EVERROLL_OWNER_PASSWORD: 'a long password' },
  });
  const exited = once(child, 'exit');
  const pid = child.pid ?? 0;
  try {
    while (!(await isHealthy(port))) {
      if (child.exitCode !== null) throw new Error(`${program} ended before it was healthy`);
      await delay(ASK_AGAIN_MS);
    }
    const healthyMs = performance.now() - began;
    const cpuMs = cpuSeconds(pid) * 1000;
    await delay(IDLE_MS);
    return { healthyMs, cpuMs, ...memoryOf(pid) };
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

async function isHealthy(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const asked = get({ port, host: '127.0.0.1', path: '/api/health', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('error', () => resolve(false));
  });
}
