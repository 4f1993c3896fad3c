import type { Scenario } from '../actions/action.ts';
import { perform } from '../actions/perform.ts';
import { checkDevices } from '../checks/devices.ts';
import { LogReader } from '../checks/log-reader.ts';
import { checkServer } from '../checks/server.ts';
import { settle } from '../checks/settle.ts';
import { Violation, type Without, withoutNone } from '../world/failure.ts';
import type { Hardware } from '../world/hardware.ts';
import { World } from '../world/world.ts';

export interface Outcome {
  readonly hash: string;
  readonly events: number;
  readonly calls: number;
  readonly faults: ReadonlyMap<string, number>;
  /** null: every invariant held. */
  readonly violation: Violation | null;
  readonly lines: readonly string[];
}

/** Of so many seeds one is run twice: I14 costs a run each time. */
const TWICE_EACH = 16;

/** A run as the search looks at it: one that broke nothing is now and then run once more, and has to be the same (I14). */
export async function judge(hardware: Hardware, scenario: Scenario, without: Without = withoutNone, keepsTrace = false): Promise<Outcome> {
  const outcome = await run(hardware, scenario, keepsTrace, without);
  if (scenario.seed % TWICE_EACH !== 0 || outcome.violation || without.has('I14')) return outcome;
  const again = await run(hardware, scenario, false, without);
  return again.hash === outcome.hash ? outcome : { ...outcome, violation: new Violation('I14', `one scenario gave two traces, ${outcome.hash} and ${again.hash}`) };
}

/** One run: the world, its actions one after another with the invariants of safety checked after each, then rest. */
export async function run(hardware: Hardware, scenario: Scenario, keepsTrace = false, without: Without = withoutNone): Promise<Outcome> {
  const world = await World.begin(hardware, scenario, keepsTrace, without);
  const reader = new LogReader(world);
  let violation: Violation | null = null;
  // A real process would end by it.
  const unhandled = (error: unknown): void => world.fail('defect', `nobody handled ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.on('unhandledRejection', unhandled);
  try {
    for (const action of scenario.actions) {
      await perform(world, action);
      checkServer(world);
      checkDevices(world);
      await reader.step();
      world.check();
    }
    world.reseed(0);
    await settle(world);
    await reader.finish();
    world.check();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    // A run without an end ends there, whoever is asked.
    violation = without.has(error.rule) ? null : error;
    world.note('world', `✗ ${error.message}`);
  } finally {
    process.off('unhandledRejection', unhandled);
  }
  return { hash: world.trace.hash, events: world.timeline.events, calls: world.calls, faults: world.faults, violation, lines: world.trace.lines };
}
