import { type DeviceSettings, type Evidence, type EvidenceArgument, type ReasonCode, SYNC_NOW_MS } from '@everroll/protocol';
import type { Identity } from '../database/meta.ts';
import type { Conditions } from '../ports/conditions.ts';
import { scheduleBeginsAt, startOfDay, startOfNextDay } from './local-time.ts';

/**
 * What may move now: pure functions of settings and conditions, asked again at every change and
 * before each effect (I7). BEHAVIOUR 1 has the behaviour that each of them follows.
 */

/** Why something waits, and when that ends by itself; null: when its cause goes. */
export interface Waiting {
  readonly code: ReasonCode;
  readonly evidence: Evidence;
  readonly until: number | null;
}

/** Whether this device may work at all. */
export type Permission = { readonly may: 'run' } | ({ readonly may: 'not' } & Waiting);

export interface Circumstances {
  readonly settings: DeviceSettings;
  readonly conditions: Conditions;
  /** Bytes of originals that went over metered connections, and the day on which. */
  readonly mobileUse: MobileUse;
  readonly now: number;
}

export interface MobileUse {
  /** Start of that day; another day's use counts no more. */
  readonly day: number;
  readonly bytes: number;
}

const not = (code: ReasonCode, until: number | null = null): Permission => ({ may: 'not', code, evidence: {}, until });

export function permission(of: Pick<Circumstances, 'settings' | 'conditions' | 'now'> & { identity: Identity | null; signedIn: boolean }): Permission {
  if (!of.identity || !of.signedIn) return not('signed_out');
  if (!of.settings.sync) return not('sync_off');
  if (of.settings.pausedUntil !== null && of.settings.pausedUntil > of.now) return not('paused_by_user', of.settings.pausedUntil === Number.MAX_SAFE_INTEGER ? null : of.settings.pausedUntil);
  if (of.conditions.online === false) return not('offline');
  return { may: 'run' };
}

/**
 * What policy tells apart. `metadata`: the log and questions to the server. Of originals: `fresh`,
 * one that was just taken; `backlog`, all others; `asked`, one that a person asked for by name;
 * `consented`, the same with their consent to its size on a metered connection.
 */
export type WorkClass = 'metadata' | 'fresh' | 'backlog' | 'asked' | 'consented';

/** Work of a class goes on up to this size each; what is larger waits. */
export interface Limit {
  /** Bytes; `Number.MAX_SAFE_INTEGER`: any size, 0: nothing. */
  readonly upTo: number;
  /** null: nothing waits. */
  readonly beyond: Waiting | null;
}

/** A person is asked before more than this goes over a metered connection, and none goes there by itself. */
export const CONSENT_BYTES = 50_000_000;

const free: Limit = { upTo: Number.MAX_SAFE_INTEGER, beyond: null };
const none = <Code extends ReasonCode>(code: Code, ...[evidence, until = null]: EvidenceArgument<Code, number | null>): Limit => ({ upTo: 0, beyond: { code, evidence: evidence ?? {}, until } });

export function workLimits(of: Circumstances): Record<WorkClass, Limit> {
  const network = networkLimit(of);
  const wifi = wifiLimit(of);
  const power = powerLimit(of);
  const originals = strictest(network, originalsLimit(of));
  return {
    metadata: network,
    fresh: strictest(originals, wifi, of.settings.freshFirst ? free : power),
    backlog: strictest(originals, wifi, power),
    asked: isMetered(of) ? { upTo: CONSENT_BYTES, beyond: { code: 'metered_consent_needed', evidence: { limitBytes: CONSENT_BYTES }, until: null } } : free,
    consented: free,
  };
}

/** Bytes of the mobile allowance that are left; null: none is counted now. */
export function allowanceLeft(of: Circumstances): number | null {
  if (!isMetered(of) || of.settings.unlimitedUpdates) return null;
  const used = of.mobileUse.day === startOfDay(of.now) ? of.mobileUse.bytes : 0;
  return Math.max(0, of.settings.mobileAllowanceBytes - used);
}

export function isMetered({ conditions, settings }: Pick<Circumstances, 'conditions' | 'settings'>): boolean {
  return conditions.metered ?? (conditions.connection === null ? settings.unknownConditions === 'bad' : conditions.connection === 'mobile');
}

/** The first of what forbids most, so that what is named is what has to go first. */
function strictest(...limits: readonly Limit[]): Limit {
  return limits.reduce((strict, limit) => (limit.upTo < strict.upTo ? limit : strict));
}

/** The two switches of mobile data. */
function networkLimit(of: Circumstances): Limit {
  if (!isMetered(of)) return free;
  if (of.conditions.mobileDataAllowed === false) return none('mobile_data_off', { gate: 'system' });
  return of.settings.mobileData ? free : none('mobile_data_off', { gate: 'everroll' });
}

/** Low Data Mode and the daily allowance. */
function originalsLimit(of: Circumstances): Limit {
  if (of.conditions.lowDataMode === true) return none('low_data_mode');
  const left = allowanceLeft(of);
  if (left === null) return free;
  const allowanceBytes = of.settings.mobileAllowanceBytes;
  const evidence = { limitBytes: allowanceBytes, usedBytes: allowanceBytes - left };
  return { upTo: Math.min(left, CONSENT_BYTES), beyond: { code: 'mobile_allowance_used', evidence, until: left < allowanceBytes ? startOfNextDay(of.now) : null } };
}

function wifiLimit(of: Circumstances): Limit {
  const { power } = of.settings;
  return (power === 'wifi' || power === 'wifi_and_charging') && isMetered(of) && !isSyncNow(of) ? none('waiting_for_wifi') : free;
}

function powerLimit(of: Circumstances): Limit {
  const { settings, conditions, now } = of;
  if (isSyncNow(of)) return free;
  const charging = conditions.charging ?? settings.unknownConditions === 'good';
  if (conditions.lowPowerMode === true) return none('low_power_mode');
  if (!charging && conditions.batteryPercent !== null && conditions.batteryPercent < settings.batteryFloorPercent) {
    return none('battery_low', { percent: conditions.batteryPercent, floorPercent: settings.batteryFloorPercent });
  }
  if (conditions.hot === true) return none('too_hot');
  if (settings.power === 'wifi_and_charging' && !charging) return none('not_charging', conditions.batteryPercent === null ? {} : { percent: conditions.batteryPercent });
  const begins = settings.power === 'schedule' ? scheduleBeginsAt(settings.schedule, now) : null;
  return begins === null ? free : none('outside_schedule', {}, begins);
}

/** Further ahead than it is ever set is another clock's time. */
function isSyncNow({ settings, now }: Circumstances): boolean {
  return settings.syncNowUntil !== null && settings.syncNowUntil > now && settings.syncNowUntil <= now + SYNC_NOW_MS;
}
