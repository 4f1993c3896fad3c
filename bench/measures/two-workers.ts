import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultLimits, RenditionPool } from '@everroll/media/renditions/pool';
import { lowerPriority } from '../../packages/media/src/renditions/pool/priority.ts';
import { type Asked, ask, startAsked } from '../stand/asked.ts';
import { median } from '../statistics.ts';

const ROUNDS = 9;
const JOBS = 12;

type Way = 'bare' | 'pool';

/**
 * How many times as fast two processes are as one, on the clock: workers of a pool, and processes of sharp alone that
 * run as workers do. These have nothing in common but the machine, so theirs is the limit.
 */
export async function twoWorkersBesideOne(path: string, folder: string): Promise<{ readonly rows: readonly (readonly string[])[]; readonly notes: readonly string[] }> {
  const bare = [await startBare(path), await startBare(path)];
  const pools = [new RenditionPool({ workers: 1 }), new RenditionPool({ workers: 2 })];
  const ratios: Record<Way, number[]> = { bare: [], pool: [] };
  const seconds: Record<Way, [number[], number[]]> = { bare: [[], []], pool: [[], []] };
  const work: Record<Way, (processes: 1 | 2, round: number) => Promise<unknown>> = {
    bare: (processes) => Promise.all(bare.slice(0, processes).map((each) => often(each, JOBS / processes))),
    pool: (processes, round) => Promise.all(Array.from({ length: JOBS }, (_, job) => rendered(pools[processes - 1], path, join(folder, `pool-${processes}-${round}-${job}`)))),
  };
  try {
    // The first round warms up and is not counted.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const way of ['bare', 'pool'] as const) {
        const [one, two] = [await timed(() => work[way](1, round)), await timed(() => work[way](2, round))];
        if (round === 0) continue;
        ratios[way].push(one / two);
        seconds[way][0].push(one);
        seconds[way][1].push(two);
      }
    }
  } finally {
    await Promise.all([...pools.map((pool) => pool.close()), ...bare.map((each) => each.stop())]);
  }
  const [limit, ours] = [median(ratios.bare), median(ratios.pool)];
  const times = (way: Way): string => seconds[way].map((each) => `${((median(each) * 1000) / JOBS).toFixed(0)} ms`).join(' and ');
  const quickest = (way: Way): number => Math.min(...seconds[way][0]) / Math.min(...seconds[way][1]);
  return {
    rows: [
      [`${JOBS} JPEGs by two processes of sharp alone beside one, clock (limit of this machine)`, '', '', `${limit.toFixed(2)} times as fast`],
      [`${JOBS} JPEGs by two workers beside one, clock`, '', '', `${ours.toFixed(2)} times as fast, ${(ours / limit).toFixed(2)} of the limit`],
    ],
    notes: [
      `The quickest turns of each, in which nothing else wanted the processors: ${quickest('bare').toFixed(2)} times as fast by sharp alone, ${quickest('pool').toFixed(2)} times by workers.`,
      `A file by one and by two on the clock, medians of ${ROUNDS} turns: ${times('bare')} by sharp alone, ${times('pool')} by workers.`,
    ],
  };
}

async function startBare(path: string): Promise<Asked> {
  const started = await startAsked('bare-renditions.ts', [path], { detached: true });
  lowerPriority(started.child, 5);
  return started;
}

async function often(process: Asked, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await ask(process);
}

async function rendered(pool: RenditionPool | undefined, path: string, folder: string): Promise<void> {
  await mkdir(folder);
  const outcome = await pool?.render({ path, folder, limits: defaultLimits });
  if (outcome?.outcome !== 'made') throw new Error(outcome?.message ?? 'no pool');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
