import type { Scenario } from '../actions/action.ts';
import { judge } from '../search/run.ts';
import { search } from '../search/search.ts';
import type { Rule, Without } from '../world/failure.ts';
import { Hardware } from '../world/hardware.ts';

/** A stretch of seeds to search, or one scenario to run, and what came of it. */
export type Question = ({ readonly from: number; readonly runs: number } | { readonly scenario: Scenario }) & { readonly without: Without };

export interface Answer {
  /** Runs that were made; the last one of them failed, if any did. */
  readonly runs: number;
  readonly found: { readonly rule: Rule; readonly message: string } | null;
}

/** Runs in the copy: for each question, from one seed on until something breaks. */
const hardware = await Hardware.make();
process.on('message', (question: Question) => void answer(question));

async function answer(question: Question): Promise<void> {
  process.send?.(await ('scenario' in question ? runOne(question.scenario, question.without) : searchOn(question.from, question.runs, question.without)));
}

async function runOne(scenario: Scenario, without: Without): Promise<Answer> {
  const { violation } = await judge(hardware, scenario, without);
  return { runs: 1, found: violation && { rule: violation.rule, message: violation.message } };
}

async function searchOn(from: number, runs: number, without: Without): Promise<Answer> {
  const figures = await search(hardware, { from, step: 1, runs, milliseconds: Number.POSITIVE_INFINITY, mostFound: 1, without });
  const [found] = figures.found;
  return { runs: figures.runs, found: found ? { rule: found.rule, message: found.message } : null };
}
