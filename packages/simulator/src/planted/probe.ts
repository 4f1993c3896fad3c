import { search } from '../search/search.ts';
import type { Rule, Without } from '../world/failure.ts';
import { Hardware } from '../world/hardware.ts';

/** A stretch of seeds to search, and what came of it. */
export interface Question {
  readonly from: number;
  readonly runs: number;
  readonly without: Without;
}

export interface Answer {
  /** Runs that were made; the last one of them failed, if any did. */
  readonly runs: number;
  readonly found: { readonly rule: Rule; readonly message: string } | null;
}

/** Runs in the copy: for each question, from one seed on until something breaks. */
const hardware = await Hardware.make();
process.on('message', (question: Question) => void answer(question));

async function answer({ from, runs, without }: Question): Promise<void> {
  const figures = await search(hardware, { from, step: 1, runs, milliseconds: Number.POSITIVE_INFINITY, mostFound: 1, without });
  const [found] = figures.found;
  process.send?.({ runs: figures.runs, found: found ? { rule: found.rule, message: found.message } : null } satisfies Answer);
}
