import type { Scenario } from '../actions/action.ts';
import type { Hardware } from '../world/hardware.ts';
import { generate } from './generate.ts';
import { run } from './run.ts';

export interface Found {
  readonly scenario: Scenario;
  readonly rule: string;
  readonly message: string;
}

export interface Figures {
  runs: number;
  events: number;
  calls: number;
  readonly faults: Map<string, number>;
  readonly found: Found[];
}

export const noFigures = (): Figures => ({ runs: 0, events: 0, calls: 0, faults: new Map(), found: [] });

export interface SearchOptions {
  /** Seeds `from`, `from + step`, `from + 2 * step` and so on. */
  readonly from: number;
  readonly step: number;
  readonly runs: number;
  /** Real time after which no run is begun. */
  readonly milliseconds: number;
  /** After so many failures there is enough to look at. */
  readonly mostFound: number;
}

/** Run after run until the time is over. This is the one place that looks at a real clock. */
export async function search(hardware: Hardware, options: SearchOptions, figures = noFigures()): Promise<Figures> {
  const end = performance.now() + options.milliseconds;
  for (let count = 0; count < options.runs && performance.now() < end && figures.found.length < options.mostFound; count += 1) {
    const scenario = generate(options.from + count * options.step);
    const outcome = await run(hardware, scenario);
    figures.runs += 1;
    figures.events += outcome.events;
    figures.calls += outcome.calls;
    for (const [kind, times] of outcome.faults) figures.faults.set(kind, (figures.faults.get(kind) ?? 0) + times);
    if (outcome.violation) figures.found.push({ scenario, rule: outcome.violation.rule, message: outcome.violation.message });
  }
  return figures;
}

export function merge(into: Figures, more: Figures): void {
  into.runs += more.runs;
  into.events += more.events;
  into.calls += more.calls;
  for (const [kind, times] of more.faults) into.faults.set(kind, (into.faults.get(kind) ?? 0) + times);
  into.found.push(...more.found);
}
