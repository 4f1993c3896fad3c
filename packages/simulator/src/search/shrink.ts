import fc from 'fast-check';
import type { Action, Scenario } from '../actions/action.ts';
import { type Without, withoutNone } from '../world/failure.ts';
import type { Hardware } from '../world/hardware.ts';
import { judge } from './run.ts';

/** Long enough for some hundred tries of a small scenario. */
const MOST_MS = 40_000;

/**
 * Fewer actions that still break the same invariant. The scenario that failed is fast-check's first
 * example; from there it shrinks the list as it shrinks any sub-array.
 */
export async function shrink(hardware: Hardware, scenario: Scenario, rule: string, without: Without = withoutNone): Promise<Scenario> {
  let least = scenario.actions;
  // One run at a time on one hardware: fast-check does not wait for the run in which its time is over.
  let last: Promise<unknown> = Promise.resolve();
  const holds = async (actions: readonly Action[]): Promise<boolean> => {
    const running = last.then(async () => await judge(hardware, { ...scenario, actions }, without));
    last = running;
    const { violation } = await running;
    if (violation?.rule !== rule) return true;
    if (actions.length < least.length) least = actions;
    return false;
  };
  await fc.check(
    fc.asyncProperty(fc.subarray([...scenario.actions]), async (actions) => await holds(actions)),
    { examples: [[[...scenario.actions]]], numRuns: 1, seed: 1, interruptAfterTimeLimit: MOST_MS },
  );
  // What fast-check leaves, one by one from the end: it keeps what stands before a needed action together.
  for (let index = least.length - 1; index >= 0; index -= 1) {
    await holds(least.filter((_action, at) => at !== index));
  }
  return { ...scenario, actions: least };
}
