/** The limit of a listing in Node: the names of every folder and a look at every file, and nothing is done with them. `bare-listing.ts FOLDER ROOT`. */
import { readdirSync, statSync } from 'node:fs';
import type { Rescanned } from './rescan.ts';

// Nobody is left to measure it.
process.once('disconnect', () => process.exit());

const root = process.argv[3] ?? '.';
process.on('message', () => process.send?.(list()));
process.send?.({ ready: true });

function list(): Rescanned {
  const began = performance.now();
  const cpu = process.cpuUsage();
  lookInto(root);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

function lookInto(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) lookInto(path);
    else statSync(path, { throwIfNoEntry: false });
  }
}
