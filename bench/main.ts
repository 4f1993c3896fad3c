/**
 * `npm run bench [-- NAME …] [--scale 0.1]`: each measure runs alone, prints its table and keeps it; without a
 * name all of them run and docs/performance.md is written anew. `npm run bench -- document` writes it from what
 * is kept. All that is compared is measured in the same run, in turns, because machines are shared and noisy.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeDocument } from './document/document.ts';
import { forgetLibraries } from './libraries/libraries.ts';
import { measures } from './measures/index.ts';
import { keep, loadNow, machine, print } from './results.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { scale: { type: 'string', default: '1' } } });
const scale = Number(values.scale);
const unknown = positionals.filter((name) => name !== 'document' && !measures.has(name));
if (unknown.length > 0 || !(scale > 0)) {
  process.stderr.write(unknown.length > 0 ? `No such measure: ${unknown.join(', ')}. There are: ${[...measures.keys(), 'document'].join(', ')}.\n` : '--scale is a number above 0.\n');
  process.exit(2);
}
const isAll = positionals.length === 0;
// As the set-up does: a server that is killed keeps nothing of what it compiled, and each start of a changed file would compile it anew.
if (isAll || positionals.some((name) => measures.has(name))) spawnSync(process.execPath, [join(import.meta.dirname, '..', 'scripts', 'warm.ts')], { stdio: 'ignore' });
try {
  for (const [name, measure] of measures) {
    if (!isAll && !positionals.includes(name)) continue;
    const before = loadNow();
    const table = await measure({ scale });
    const kept = { ...table, at: new Date().toISOString(), scale, load: [before, loadNow()] as const, machine };
    print(kept);
    keep(name, kept);
  }
} finally {
  await forgetLibraries();
}
if (isAll || positionals.includes('document')) process.stdout.write(`\n${await writeDocument()}\n`);
