import { parseArgs } from 'node:util';
import { printFigures, printFailure } from './report.ts';
import { readCase, writeCase } from './search/corpus.ts';
import { generate } from './search/generate.ts';
import { run } from './search/run.ts';
import { shrink } from './search/shrink.ts';
import { searchWith } from './search/workers.ts';
import { hunt } from './planted/hunt.ts';
import type { Scenario } from './actions/action.ts';
import { Hardware } from './world/hardware.ts';

const HELP = `npm run simulate -- [options]
  --seconds N, --hours N, --runs N   how long to search (30 seconds)
  --workers N                        threads (1)
  --from S                           the first seed; another one each time unless said
  --seed S                           replay one seed with its trace
  --case FILE                        replay a scenario of the corpus with its trace
  --shrink                           with --seed: look for the least actions that fail, and print them
  --keep NAME                        with --seed: put it into the corpus
  --planted [NAME]                   let the search hunt planted bugs
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
    tries: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else if (values.planted) await hunt({ only: positionals, tries: Number(values.tries), runs: Number(values.runs ?? 1500) });
else if (values.seed !== undefined) await replay(generate(Number(values.seed)));
else if (values.case !== undefined) await replay(readCase(values.case).scenario);
else await searchAll();

async function replay(scenario: Scenario): Promise<void> {
  const hardware = await Hardware.make();
  const first = await run(hardware, scenario);
  const least = values.shrink && first.violation ? await shrink(hardware, scenario, first.violation.rule) : scenario;
  const outcome = await run(hardware, least, true);
  printFailure(least, outcome);
  if (values.keep !== undefined) process.stdout.write(`${writeCase(values.keep, { rule: outcome.violation?.rule ?? 'none', note: outcome.violation?.message ?? '', open: outcome.violation !== null, scenario: least })}\n`);
  process.exitCode = outcome.violation ? 1 : 0;
}

async function searchAll(): Promise<void> {
  const seconds = values.hours !== undefined ? Number(values.hours) * 3600 : Number(values.seconds ?? (values.runs === undefined ? 30 : Number.POSITIVE_INFINITY));
  const from = values.from === undefined ? Date.now() % 1_000_000_000 : Number(values.from);
  const began = performance.now();
  const figures = await searchWith(Number(values.workers), { from, runs: Number(values.runs ?? Number.POSITIVE_INFINITY), milliseconds: seconds * 1000, mostFound: 20 });
  printFigures(figures, from, performance.now() - began);
  const [first] = figures.found;
  if (!first) return;
  const hardware = await Hardware.make();
  const least = await shrink(hardware, first.scenario, first.rule);
  printFailure(least, await run(hardware, least, true));
  process.exitCode = 1;
}
