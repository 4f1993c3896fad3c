import type { Scenario } from '../actions/action.ts';
import type { Rule, Without } from '../world/failure.ts';
import type { Hardware } from '../world/hardware.ts';
import { generate } from './generate.ts';
import { judge } from './run.ts';

export interface Found {
  readonly scenario: Scenario;
  readonly rule: Rule;
  readonly message: string;
}

export interface Figures {
  runs: number;
  events: number;
  calls: number;
  readonly faults: Map<string, number>;
  failures: number;
  /** The first of the failures, `KEPT` at most: a long search must not fill the memory. */
  readonly found: Found[];
}

export const noFigures = (): Figures => ({ runs: 0, events: 0, calls: 0, faults: new Map(), failures: 0, found: [] });

const KEPT = 1000;

/** Told of each run as it ends, with what broke in it. */
export type Watch = (found: Found | null) => void;

export interface SearchOptions {
  /** Seeds `from`, `from + step`, `from + 2 * step` and so on. */
  readonly from: number;
  readonly step: number;
  readonly runs: number;
  /** Real time after which no run is begun. */
  readonly milliseconds: number;
  /** After so many failures the search ends. */
  readonly mostFound: number;
  /** Rules that are taken away. */
  readonly without?: Without;
}

/** Run after run until the time is over. This is the one place that looks at a real clock. */
export async function search(hardware: Hardware, options: SearchOptions, watch: Watch = () => undefined): Promise<Figures> {
  const figures = noFigures();
  const end = performance.now() + options.milliseconds;
  for (let count = 0; count < options.runs && performance.now() < end && figures.failures < options.mostFound; count += 1) {
    const scenario = generate(options.from + count * options.step);
    const outcome = await judge(hardware, scenario, options.without);
    figures.runs += 1;
    figures.events += outcome.events;
    figures.calls += outcome.calls;
    for (const [kind, times] of outcome.faults) figures.faults.set(kind, (figures.faults.get(kind) ?? 0) + times);
    const found = outcome.violation && { scenario, rule: outcome.violation.rule, message: outcome.violation.message };
    if (found) {
      figures.failures += 1;
      if (figures.found.length < KEPT) figures.found.push(found);
    }
    watch(found);
  }
  return figures;
}

export function merge(into: Figures, more: Figures): void {
  into.runs += more.runs;
  into.events += more.events;
  into.calls += more.calls;
  for (const [kind, times] of more.faults) into.faults.set(kind, (into.faults.get(kind) ?? 0) + times);
  into.failures += more.failures;
  into.found.push(...more.found);
}
