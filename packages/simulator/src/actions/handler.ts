import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';
import type { Action, ActionKind } from './action.ts';

/** Does one kind of action. @returns what was done, in words; null where there was nothing to do it to. */
export type Handler = (world: World, device: Device, action: Action) => string | null | Promise<string | null>;

export type Handlers = Partial<Record<ActionKind, Handler>>;

/** The one that a number chooses, among what there is. */
export function chosen<T>(from: readonly T[], number: number): T | undefined {
  return from.length === 0 ? undefined : from[number % from.length];
}
