import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Table } from './table.ts';

/** Long enough for what a start leaves behind to be collected. */
const IDLE_MS = 10_000;

/** Memory of an idle server as `npm start` runs it, at its first start and at a later one. */
export async function memory(): Promise<Table> {
  const data = await mkdtemp(join(tmpdir(), 'everroll-bench-'));
  try {
    return {
      title: 'Memory of an idle server',
      columns: ['start', 'MB alone', 'MB here'],
      rows: [
        ['the first, on an empty data folder', ...(await idle(data))],
        ['a later one', ...(await idle(data))],
      ],
      notes: [
        'Alone: resident set, which is its proportional set (PSS) where no other Node runs. Here: PSS beside this bench,',
        'which shares the binary. Aim: PSS <= 120 MB. The strongest peer, measured elsewhere: 795 MB in four processes.',
      ],
    };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function idle(data: string): Promise<string[]> {
  const child = spawn(process.execPath, ['--max-semi-space-size=2', join(import.meta.dirname, '..', 'scripts', 'start.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, EVERROLL_DATA: data, EVERROLL_PORT: '0', EVERROLL_OWNER_EMAIL: 'bench@example.com', EVERROLL_OWNER_PASSWORD: 'a long password' },
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('Data')) break;
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    // proc(5), smaps_rollup: Pss counts what is shared by share.
    const rollup = await readFile(`/proc/${child.pid}/smaps_rollup`, 'utf8');
    const megabytes = (name: string): string => ((Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) * 1024) / 1e6).toFixed(0);
    return [megabytes('Rss'), megabytes('Pss')];
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}
