import type { Scenario } from '../actions/action.ts';
import { perform } from '../actions/perform.ts';
import { checkDevices } from '../checks/devices.ts';
import { checkServer } from '../checks/server.ts';
import { settle } from '../checks/settle.ts';
import { Violation } from '../world/failure.ts';
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

/** One run: the world, its actions one after another with the invariants of safety checked after each, then rest. */
export async function run(hardware: Hardware, scenario: Scenario, keepsTrace = false): Promise<Outcome> {
  const world = await World.begin(hardware, scenario, keepsTrace);
  let violation: Violation | null = null;
  try {
    for (const action of scenario.actions) {
      await perform(world, action);
      checkServer(world);
      checkDevices(world);
      world.check();
    }
    world.reseed(0);
    await settle(world);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error;
    world.note('world', `✗ ${error.message}`);
  }
  return { hash: world.trace.hash, events: world.timeline.events, calls: world.calls, faults: world.faults, violation, lines: world.trace.lines };
}
