/**
 * `npm run bench [-- NAME …]`: each measure prints and stores its table. All that is compared is
 * measured in the same run, in turns, because machines are shared and noisy.
 */
import { ingest } from './ingest.ts';
import { memory } from './memory.ts';
import { propagation } from './propagation.ts';
import { renditions } from './renditions.ts';
import { print, type Table } from './table.ts';

const measures: Record<string, () => Promise<Table>> = { ingest, propagation, memory, renditions };

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(measures, name));
if (unknown.length > 0) {
  process.stderr.write(`No such measure: ${unknown.join(', ')}. There are: ${Object.keys(measures).join(', ')}.\n`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(measures)) {
  if (names.length === 0 || names.includes(name)) print(name, await measure());
}
