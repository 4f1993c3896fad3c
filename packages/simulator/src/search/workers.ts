import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Hardware } from '../world/hardware.ts';
import { type Figures, merge, noFigures, search, type SearchOptions, type Watch } from './search.ts';
import type { FromWorker } from './worker.ts';

export const WORKERS_MOST = availableParallelism();

/** A search by several threads; by this one alone if one is enough. */
export async function searchWith(workers: number, options: Omit<SearchOptions, 'step'>, watch: Watch): Promise<Figures> {
  if (workers <= 1) return await search(await Hardware.make(), { ...options, step: 1 }, watch);
  const figures = noFigures();
  const parts = Array.from({ length: workers }, (_, index) => ofWorker({ ...options, from: options.from + index, step: workers, runs: Math.ceil(options.runs / workers) }, watch));
  for (const part of await Promise.all(parts)) merge(figures, part);
  return figures;
}

function ofWorker(workerData: SearchOptions, watch: Watch): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    worker.on('message', (message: FromWorker) => {
      if (message.what === 'ran') watch(message.found);
      else resolve(message.figures);
    });
    worker.once('error', reject);
  });
}
