import type { Scenario } from './actions/action.ts';
import type { Outcome } from './search/run.ts';
import type { Figures, Watch } from './search/search.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const PROGRESS_EVERY_MS = 60_000;

/** Says of a search that goes on what broke, at once, and once a minute how far it is. */
export function printProgress(): Watch {
  const began = performance.now();
  let [runs, failures, saidAt] = [0, 0, began];
  return (found) => {
    runs += 1;
    if (found) {
      failures += 1;
      say(`seed ${found.scenario.seed}: ${found.message.slice(0, 300)}`);
    }
    const now = performance.now();
    if (now - saidAt < PROGRESS_EVERY_MS) return;
    saidAt = now;
    say(`${Math.round((now - began) / 60_000)} min: ${runs} runs, ${((runs / (now - began)) * 1000).toFixed(1)} runs/s, ${failures} failures`);
  };
}

export function printFigures(figures: Figures, from: number, milliseconds: number): void {
  say(`${figures.runs} runs from seed ${from} in ${(milliseconds / 1000).toFixed(1)} s: ${((figures.runs / milliseconds) * 1000).toFixed(1)} runs/s, ${figures.events} events, ${figures.calls} requests`);
  say('faults injected:');
  for (const [kind, times] of [...figures.faults].toSorted((a, b) => b[1] - a[1])) say(`  ${String(times).padStart(8)}  ${kind}`);
  say(`failures: ${figures.failures}`);
  for (const { scenario, message } of figures.found) say(`  seed ${scenario.seed}: ${message.slice(0, 300)}`);
}

export function printFailure(scenario: Scenario, outcome: Outcome): void {
  for (const line of outcome.lines) say(line);
  say('');
  say(`seed ${scenario.seed}, hash ${outcome.hash}, ${outcome.events} events`);
  say(`setting: ${JSON.stringify(scenario.setting)}`);
  say(`${scenario.actions.length} actions:`);
  for (const [index, action] of scenario.actions.entries()) say(`  ${index}: ${JSON.stringify(action)}`);
  say(outcome.violation ? `BROKEN ${outcome.violation.message}` : 'every invariant held');
}
