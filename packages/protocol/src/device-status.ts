import { z } from 'zod';
import { DeviceSettings } from './device-settings.ts';
import { Milliseconds } from './entities.ts';
import { DeviceId } from './ids.ts';
import { Device } from './messages.ts';

/**
 * What a device says of itself to the other devices of its account (rules D1 to D5).
 *
 * Every time in a message is of its sender's clock, and `clock` is what that clock showed when it was
 * sent: whoever receives it moves each time by the difference, so that a clock that is wrong by a
 * year is right for everybody else.
 */

/** The body of a report; what is longer is refused. */
export const REPORT_MAX_BYTES = 64 * 1024;
/** Reasons in a report: the ones with the most items. */
export const REPORT_REASONS_MAX = 40;

/**
 * `syncing`: something moves or is about to. `waiting`: all that is left waits for something that
 * comes by itself; `blocked`: for a person. `off` and `paused` are the person's own will.
 */
export const DeviceState = z.enum(['idle', 'syncing', 'waiting', 'blocked', 'paused', 'off']);
export type DeviceState = z.infer<typeof DeviceState>;

const Count = z.int().min(0);
const ByState = z.object({ found: Count, verified: Count, waiting: Count, uploading: Count, failed: Count, excluded: Count });
const Amount = z.object({ items: Count, bytes: Count });
const Value = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);

/** A code that the reader does not know is one of a newer program. */
export const ReportedReason = z.object({
  code: z.string().min(1).max(64),
  items: Count,
  bytes: Count,
  since: Milliseconds,
  /** When it is tried again by itself; null: when its cause goes. */
  nextAt: Milliseconds.nullable(),
  evidence: z.record(z.string().max(64), Value),
});
export type ReportedReason = z.infer<typeof ReportedReason>;

export const DeviceReport = z.object({
  state: DeviceState,
  items: ByState,
  bytes: ByState,
  /** Originals that are on that device and not verified on the server. `oldest`: when the first of them was seen. */
  atRisk: Amount.extend({ oldest: Milliseconds.nullable() }),
  /** Originals that it is to have and lacks. */
  downloads: Amount,
  /** Changes made there that the server has not answered. */
  pendingChanges: Count,
  /** Changes of the library that it has not read; null: it reads the library for the first time. */
  behind: Count.nullable(),
  reasons: z.array(ReportedReason).max(REPORT_REASONS_MAX),
  /** What the device tells of its surroundings. */
  conditions: z.record(z.string().max(64), Value),
  versions: z.object({ protocol: z.int(), program: z.string().max(64) }),
  /** When something was last read, sent, verified or fetched; null: not since it is known. */
  progressAt: Milliseconds.nullable(),
  storage: z.object({ freeBytes: Count.nullable() }),
});
export type DeviceReport = z.infer<typeof DeviceReport>;

export const ReportRequest = z.object({ clock: Milliseconds, report: DeviceReport });
export type ReportRequest = z.infer<typeof ReportRequest>;
/** The name that its writer gave a change of settings. */
const ChangeName = z.string().regex(/^[0-9a-f]{32}$/);
/** The last change of a document of settings; null: it is not known. An earlier version says nothing of it. */
const LastChange = ChangeName.nullable().optional();

/** Which settings hold for this device; 0: none was ever set. */
export const ReportAnswer = z.object({ settingsVersion: Count, settingsChange: LastChange });
export type ReportAnswer = z.infer<typeof ReportAnswer>;

/** A device says something at least this often while it is in touch. */
export const HEARTBEAT_MS = 4 * 60_000;
/** Without a word for so long a device is `away`: two heartbeats and some. */
export const IN_TOUCH_MS = 10 * 60_000;
/**
 * With work that nothing is said to hold, and without progress for so long: `stalled`, for the device itself as for the
 * server. Longer than every pause between two tries, so that what waits for one is not taken for stuck.
 */
export const STALLED_MS = 10 * 60_000;
/** Without a word for so long a device is `not_seen`. */
export const NOT_SEEN_MS = 3 * 24 * 60 * 60_000;

export const DeviceStanding = z.enum(['in_touch', 'stalled', 'away', 'not_seen']);
export type DeviceStanding = z.infer<typeof DeviceStanding>;

/** A device as the others of its account see it. Times are of the server's clock. */
export const DeviceOverview = Device.extend({
  standing: DeviceStanding,
  /** Since when it stands so. */
  standingSince: Milliseconds,
  /** The last report and when it came; null: it has never reported. */
  reportedAt: Milliseconds.nullable(),
  report: DeviceReport.nullable(),
});
export type DeviceOverview = z.infer<typeof DeviceOverview>;
export const DeviceList = z.object({ clock: Milliseconds, devices: z.array(DeviceOverview) });
export type DeviceList = z.infer<typeof DeviceList>;

// --- settings -----------------------------------------------------------------------------------

/** A document names this many of its last changes: more than one device misses while it is away. */
export const SETTINGS_CHANGES_MAX = 20;

/** A change that was applied: the version that it made, its name, and the registers that it set. */
export const AppliedChange = z.object({ version: Count, change: ChangeName, registers: z.array(z.string().max(64)).max(64) });
export type AppliedChange = z.infer<typeof AppliedChange>;

/**
 * Registers that were never set are absent: they have their defaults. `changes` are the last ones, oldest first, without a
 * gap up to `version`: by them two documents of one version are told apart. An earlier version of the server names none.
 */
export const SettingsDocument = z.object({ clock: Milliseconds, version: Count, settings: DeviceSettings.partial(), changes: z.array(AppliedChange).max(SETTINGS_CHANGES_MAX).default([]) });
export type SettingsDocument = z.infer<typeof SettingsDocument>;

/**
 * `base` is the version that the writer saw last and `after` the change that made it, where it is known; with others it is
 * refused (`settings_changed`), so that a request that comes late changes nothing. `change` names the change itself: sent
 * again, it is answered again and not applied again.
 */
export const SettingsChange = z.object({ clock: Milliseconds, base: Count, after: LastChange, change: ChangeName, settings: DeviceSettings.partial() });
export type SettingsChange = z.infer<typeof SettingsChange>;

/** A state of a device's settings. */
export interface SettingsMark {
  readonly version: number;
  readonly change?: string | null | undefined;
}

export function markOf({ version, changes }: Pick<SettingsDocument, 'version' | 'changes'>): SettingsMark {
  return { version, change: changes.at(-1)?.change ?? null };
}

/** Whether two marks may be of one state: where one does not name its last change, the number alone tells. */
export function isSameMark(a: SettingsMark, b: SettingsMark): boolean {
  return a.version === b.version && ((a.change ?? null) === null || (b.change ?? null) === null || a.change === b.change);
}

// --- events -------------------------------------------------------------------------------------

/** Server-sent event `device`: another device's status changed, or the settings of a device did. */
export const DeviceEvent = z.discriminatedUnion('changed', [
  z.object({ device: DeviceId, changed: z.literal('status') }),
  z.object({ device: DeviceId, changed: z.literal('settings'), version: Count, change: LastChange }),
]);
export type DeviceEvent = z.infer<typeof DeviceEvent>;

// --- clocks -------------------------------------------------------------------------------------

const timesOfSettings = ['pausedUntil', 'pausedAt', 'syncNowUntil'] as const;

/** What is for ever stays for ever. */
const moved = (at: number, byMs: number): number => (at >= Number.MAX_SAFE_INTEGER ? at : Math.max(0, at + byMs));

/** Some registers of a device's settings, as a schema reads them. */
type SettingsRead = { readonly [Name in keyof DeviceSettings]?: DeviceSettings[Name] | undefined };

/** @param byMs the reader's clock less the writer's. */
export function moveSettings(settings: SettingsRead, byMs: number): Partial<DeviceSettings> {
  const result = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<DeviceSettings>;
  for (const name of timesOfSettings) {
    const at = result[name];
    if (typeof at === 'number') result[name] = moved(at, byMs);
  }
  return result;
}

/** @param byMs the reader's clock less the writer's. */
export function moveReport(report: DeviceReport, byMs: number): DeviceReport {
  const move = (at: number | null): number | null => (at === null ? null : moved(at, byMs));
  return {
    ...report,
    atRisk: { ...report.atRisk, oldest: move(report.atRisk.oldest) },
    reasons: report.reasons.map((reason) => ({ ...reason, since: moved(reason.since, byMs), nextAt: move(reason.nextAt) })),
    progressAt: move(report.progressAt),
  };
}
