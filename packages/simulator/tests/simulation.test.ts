import { describe, expect, test } from 'vitest';
import { readCorpus } from '../src/search/corpus.ts';
import { generate } from '../src/search/generate.ts';
import { run } from '../src/search/run.ts';
import { search } from '../src/search/search.ts';
import { shrink } from '../src/search/shrink.ts';
import { Hardware } from '../src/world/hardware.ts';

/**
 * Half a minute in each test run, over the same seeds in the same order: what fails is the change's
 * doing. Other seeds are looked at by `npm run simulate`, for as long as one likes.
 */
const SECONDS = Number(process.env['EVERROLL_SIMULATE_SECONDS'] ?? 30);
const RUNS = 400;

describe('the corpus: runs that once broke an invariant hold it now', () => {
  for (const { name, content } of readCorpus()) {
    test.skipIf(content.open)(`${name} (${content.rule}): ${content.note.slice(0, 120)}`, async () => {
      const outcome = await run(await Hardware.make(), content.scenario);
      expect(outcome.violation?.message).toBeUndefined();
    });
  }
});

describe(`${SECONDS} seconds of search`, () => {
  test('find no run that breaks an invariant', async () => {
    const hardware = await Hardware.make();
    const { found } = await search(hardware, { from: 1, step: 1, runs: RUNS, milliseconds: SECONDS * 1000, mostFound: 1 });
    const [first] = found;
    if (!first) return;
    const least = await shrink(hardware, first.scenario, first.rule);
    const { lines } = await run(hardware, least, true);
    expect.fail(`${lines.join('\n')}\n\nseed ${first.scenario.seed}: ${first.message}\nreplay: npm run simulate -- --seed ${first.scenario.seed} --shrink`);
  });
});

test('a scenario is data: it survives the way through a file', async () => {
  const scenario = generate(42);
  const hardware = await Hardware.make();
  const copy = JSON.parse(JSON.stringify(scenario)) as typeof scenario;
  expect((await run(hardware, copy)).hash).toBe((await run(hardware, scenario)).hash);
});
