import { parentPort, workerData } from 'node:worker_threads';
import { Hardware } from '../world/hardware.ts';
import { type Figures, type Found, search, type SearchOptions } from './search.ts';

/** What a search in a thread tells: each run as it ends, and at last all of them together. */
export type FromWorker = { readonly what: 'ran'; readonly found: Found | null } | { readonly what: 'over'; readonly figures: Figures };

/** One of several searches, each with seeds of its own. */
const hardware = await Hardware.make();
const say = (message: FromWorker): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
};
const figures = await search(hardware, workerData as SearchOptions, (found) => say({ what: 'ran', found }));
say({ what: 'over', figures });
