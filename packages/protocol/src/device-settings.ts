import { z } from 'zod';
import { Milliseconds } from './entities.ts';

/**
 * What a person sets for one device: on the device itself or on any other of the account. Each is a
 * register. What a device can tell of its surroundings is no setting (`Conditions` of the engine).
 */

/** When originals move by themselves. */
export const PowerPolicy = z.enum(['always', 'wifi', 'wifi_and_charging', 'schedule']);
export type PowerPolicy = z.infer<typeof PowerPolicy>;

const MINUTES_A_DAY = 24 * 60;
/** Minutes since midnight by the device's wall clock. One that ends before it begins goes over midnight. */
export const Schedule = z.object({ fromMinute: z.int().min(0).max(MINUTES_A_DAY - 1), toMinute: z.int().min(0).max(MINUTES_A_DAY - 1) });
export type Schedule = z.infer<typeof Schedule>;

export const DeviceSettings = z.object({
  /** The switch "Sync this device". Off: nothing moves, nothing is deleted on either side. */
  sync: z.boolean(),
  /** Paused until then; null is not paused. `Number.MAX_SAFE_INTEGER`: until resumed. */
  pausedUntil: Milliseconds.nullable(),
  /** When the pause began; what is between the two holds if the clock is set back meanwhile. */
  pausedAt: Milliseconds.nullable(),
  /** "Mobile data": off, and nothing but what a person asks for moves on a metered connection. */
  mobileData: z.boolean(),
  /** "Unlimited updates": off, and a metered connection carries small originals up to the allowance. */
  unlimitedUpdates: z.boolean(),
  /** Bytes of originals a day on metered connections; counted from midnight of the device's clock. */
  mobileAllowanceBytes: z.int().min(0),
  power: PowerPolicy,
  schedule: Schedule,
  /** Below this charge, and not charging, the backlog waits. 0: it never does. */
  batteryFloorPercent: z.int().min(0).max(100),
  /** A photo that was just taken need not wait for the charger, the battery or the schedule. */
  freshFirst: z.boolean(),
  /** "Sync now": until then no power policy holds anything. */
  syncNowUntil: Milliseconds.nullable(),
  /** A connection or a charger that this device cannot tell counts as good (unmetered, charging: work goes on) or bad (it waits). */
  unknownConditions: z.enum(['good', 'bad']),
  /** The library folder holds every original (`keep`), or as many as there is room for and a picture of screen size of each other (`optimise`). */
  originals: z.enum(['keep', 'optimise']),
  /** With `optimise`: so many bytes of originals in the library folder; null: as far as its disk goes. */
  storageLimitBytes: z.int().min(0).nullable(),
  /** So many bytes of the library folder's disk stay free of originals; null: 2 GB or 5 % of it, whichever is less. */
  freeFloorBytes: z.int().min(0).nullable(),
});
export type DeviceSettings = z.infer<typeof DeviceSettings>;

export const defaultSettings: DeviceSettings = {
  sync: true,
  pausedUntil: null,
  pausedAt: null,
  mobileData: true,
  unlimitedUpdates: false,
  mobileAllowanceBytes: 200_000_000,
  power: 'always',
  schedule: { fromMinute: 22 * 60, toMinute: 6 * 60 },
  batteryFloorPercent: 20,
  freshFirst: true,
  syncNowUntil: null,
  unknownConditions: 'good',
  originals: 'keep',
  storageLimitBytes: null,
  freeFloorBytes: null,
};

/** "Pause". @param until null: until resumed; it and `now` of the clock of whoever sets it. */
export const pausing = (until: number | null, now: number) => ({ pausedUntil: until ?? Number.MAX_SAFE_INTEGER, pausedAt: now }) satisfies Partial<DeviceSettings>;

export const resuming = { pausedUntil: null, pausedAt: null } as const satisfies Partial<DeviceSettings>;

/** How long "Sync now" holds. */
export const SYNC_NOW_MS = 60 * 60_000;

/** "Sync now": for an hour no power policy and no pause holds anything. */
export const syncingNow = (now: number) => ({ syncNowUntil: now + SYNC_NOW_MS, ...resuming }) satisfies Partial<DeviceSettings>;
