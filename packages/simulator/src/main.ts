import { parseArgs } from 'node:util';
import { printFailure, printFigures, printProgress } from './report.ts';
import { readCase, writeCase } from './search/corpus.ts';
import { generate } from './search/generate.ts';
import { judge } from './search/run.ts';
import { shrink } from './search/shrink.ts';
import { searchWith } from './search/workers.ts';
import { tellFound, tellNeeded } from './planted/tables.ts';
import type { Scenario } from './actions/action.ts';
import { parseWithout, withoutNone } from './world/failure.ts';
import { Hardware } from './world/hardware.ts';

const HELP = `npm run simulate -- [options]
  --seconds N, --hours N, --runs N   how long to search (30 seconds)
  --workers N                        threads (1)
  --from S                           the first seed; another one each time unless said
  --seed S                           replay one seed with its trace
  --case FILE                        replay a scenario of the corpus with its trace
  --shrink                           with --seed: look for the least actions that fail, and print them
  --keep NAME                        with --seed: put it into the corpus
  --planted [NAME ...]               let the search hunt planted bugs
  --needed [RULE ...]                show for each invariant a planted bug that escapes without it
  --tries N                          from so many seeds (3)
  --without I4[,I5]                  take rules away: what they would see passes. It proves nothing but that they are needed
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    hours: { type: 'string' },
    runs: { type: 'string' },
    workers: { type: 'string', default: '1' },
    from: { type: 'string' },
    seed: { type: 'string' },
    case: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    keep: { type: 'string' },
    planted: { type: 'boolean', default: false },
    needed: { type: 'boolean', default: false },
    without: { type: 'string', default: '' },
    tries: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
});

const without = values.without === '' ? withoutNone : parseWithout(values.without);
const hunting = { only: positionals, tries: Number(values.tries), runs: Number(values.runs ?? 1500), without: without ?? withoutNone };

if (values.help || !without) process.stdout.write(HELP);
else if (values.planted) await tellFound(hunting);
else if (values.needed) await tellNeeded(hunting);
else if (values.seed !== undefined) await replay(generate(Number(values.seed)));
else if (values.case !== undefined) await replay(readCase(values.case).scenario);
else await searchAll();

async function replay(scenario: Scenario): Promise<void> {
  const hardware = await Hardware.make();
  const first = await judge(hardware, scenario, hunting.without);
  const least = values.shrink && first.violation ? await shrink(hardware, scenario, first.violation.rule, hunting.without) : scenario;
  const outcome = await judge(hardware, least, hunting.without, true);
  printFailure(least, outcome);
  if (values.keep !== undefined) process.stdout.write(`${writeCase(values.keep, { rule: outcome.violation?.rule ?? 'none', note: outcome.violation?.message ?? '', open: outcome.violation !== null, scenario: least })}\n`);
  process.exitCode = outcome.violation ? 1 : 0;
}

async function searchAll(): Promise<void> {
  const seconds = values.hours !== undefined ? Number(values.hours) * 3600 : Number(values.seconds ?? (values.runs === undefined ? 30 : Number.POSITIVE_INFINITY));
  const from = values.from === undefined ? Date.now() % 1_000_000_000 : Number(values.from);
  const began = performance.now();
  const figures = await searchWith(Number(values.workers), { from, runs: Number(values.runs ?? Number.POSITIVE_INFINITY), milliseconds: seconds * 1000, mostFound: Number.POSITIVE_INFINITY, without: hunting.without }, printProgress());
  printFigures(figures, from, performance.now() - began);
  const [first] = figures.found;
  if (!first) return;
  const hardware = await Hardware.make();
  const least = await shrink(hardware, first.scenario, first.rule, hunting.without);
  printFailure(least, await judge(hardware, least, hunting.without, true));
  process.exitCode = 1;
}
