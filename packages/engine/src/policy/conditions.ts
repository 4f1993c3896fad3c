import { readMeta } from '../database/meta.ts';
import type { Conditions } from '../ports/conditions.ts';
import type { Ports } from '../ports/world.ts';

/** What the device tells of its surroundings, with what a person said in its place. */
export function conditionsNow(driver: Ports['driver'], ports: Pick<Ports, 'conditions'>): Conditions {
  return { ...ports.conditions(), ...readMeta(driver, 'conditionsByHand') };
}
