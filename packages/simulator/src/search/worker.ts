import { parentPort, workerData } from 'node:worker_threads';
import { Hardware } from '../world/hardware.ts';
import { search, type SearchOptions } from './search.ts';

/** One of several searches, each with seeds of its own. */
const hardware = await Hardware.make();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(await search(hardware, workerData as SearchOptions));
