import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Hardware } from '../world/hardware.ts';
import { type Figures, merge, noFigures, search, type SearchOptions } from './search.ts';

export const WORKERS_MOST = availableParallelism();

/** A search by several threads; by this one alone if one is enough. */
export async function searchWith(workers: number, options: Omit<SearchOptions, 'step'>): Promise<Figures> {
  if (workers <= 1) return await search(await Hardware.make(), { ...options, step: 1 });
  const figures = noFigures();
  const parts = Array.from({ length: workers }, (_, index) => ofWorker({ ...options, from: options.from + index, step: workers, runs: Math.ceil(options.runs / workers) }));
  for (const part of await Promise.all(parts)) merge(figures, part);
  return figures;
}

function ofWorker(workerData: SearchOptions): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
