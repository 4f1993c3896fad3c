import { type Account, type AppliedChange, type CheckResult, defaultSettings, type DeviceId, type DeviceReport, type DeviceSettings, type Epoch, type Fork, INCARNATIONS_MAX, type LibraryId, type WrittenAt } from '@everroll/protocol';
import type { StorageSettings } from '../optimise/storage.ts';
import type { MobileUse } from '../policy/policy.ts';
import type { Conditions } from '../ports/conditions.ts';
import type { Driver } from '../ports/driver.ts';

/** Who this device is to which server. A database belongs to one library for its whole life. */
export interface Identity {
  readonly server: string;
  readonly account: Account;
  readonly device: { readonly id: DeviceId; readonly name: string };
  readonly library: { readonly id: LibraryId; readonly name: string };
}

/** How far the server's log is applied here (rule C1). */
export type Cursor =
  /** A snapshot is being read; `seq` is null before its first page. */
  | { readonly phase: 'snapshot'; readonly epoch: Epoch | null; readonly seq: number | null; readonly next: string | null; readonly snapshot: number; readonly incarnations: Incarnations }
  | { readonly phase: 'log'; readonly epoch: Epoch; readonly seq: number; readonly snapshot: number; readonly incarnations: Incarnations };

/** Which starts of the server wrote what was read here, oldest first, each with the last `seq` of it that was seen (rule C3). */
export type Incarnations = readonly WrittenAt[];

export function withIncarnation(seen: Incarnations, newest: WrittenAt): Incarnations {
  const earlier = seen.at(-1)?.by === newest.by ? seen.slice(0, -1) : seen;
  return [...earlier, newest].slice(-INCARNATIONS_MAX);
}

export interface SettingsSync {
  /** Of the server's document as it was last taken; null: never. */
  readonly version: number | null;
  /** Its last changes as it named them; none where it did not, or where an earlier version took it. */
  readonly changes?: readonly AppliedChange[];
  /** Registers that were set here and are not on their way yet. */
  readonly pending: Partial<DeviceSettings>;
  /** A change that was sent; until the server answers, it is sent again as it is. */
  readonly sending: { readonly change: string; readonly settings: Partial<DeviceSettings> } | null;
}

export interface Meta {
  identity: Identity | null;
  /** False after signing out: the identity and the queue stay. */
  signedIn: boolean;
  cursor: Cursor;
  /** The newest head that any answer or event has named. */
  head: number;
  /** The next number of a mutation, and the last whose result is stored here (rules M1, M3). */
  nextNumber: number;
  acknowledged: number;
  /**
   * Places that were not read and which start of the server wrote the change there, oldest first (rule C3): changes of this
   * device's own that were answered and are not yet read back, and how far the rows of the snapshot may reach. One that the
   * cursor covers came late: what stands there may have been written by another start.
   */
  told: Incarnations;
  /** Of the history that was read last, as its last page told (rule C4). */
  forks: readonly Fork[];
  /** After a rollback, until everything was offered: deletions are frozen (rule C5). */
  rollback: { readonly forkedAt: number; readonly renumbered: boolean } | null;
  settings: DeviceSettings;
  /** How far the settings here and the ones that the server keeps for this device agree (rules D2, D3). */
  settingsSync: SettingsSync;
  /** What this device last said of itself, and when. */
  reported: { readonly report: DeviceReport; readonly at: number } | null;
  /** The part of the settings by which what the library folder lacks was last worked out; null: never. */
  storageInForce: StorageSettings | null;
  /** Bytes that a person asked to be freed and that are not yet; `Number.MAX_SAFE_INTEGER`: all that can be. */
  toFree: number;
  /** What a person says in place of what this device tells of its surroundings. */
  conditionsByHand: Partial<Conditions>;
  mobileUse: MobileUse;
  /** Room that the plan had when it was last found full; below zero where more is stored than it allows. */
  quotaRoom: number | null;
  /**
   * What progress looked like when it was last looked at; since when it looks so, or since when this run
   * lasts (0: never looked); and when it last changed, whichever run it was (null: not known).
   */
  progress: { readonly mark: string; readonly at: number; readonly madeAt: number | null };
  /** Raised by "Restart sync": the process that runs stops everything and begins anew. */
  restarts: number;
  /** What the doctor found when it last ran by itself. */
  diagnosis: { readonly at: number; readonly results: readonly CheckResult[] } | null;
  /** `HOST:PORT` that may be asked whether the internet is there; null: nothing outside is asked. */
  outsideAddress: string | null;
}

const defaults: Meta = {
  identity: null,
  signedIn: false,
  cursor: { phase: 'snapshot', epoch: null, seq: null, next: null, snapshot: 1, incarnations: [] },
  head: 0,
  nextNumber: 1,
  forks: [],
  acknowledged: 0,
  told: [],
  rollback: null,
  settings: defaultSettings,
  settingsSync: { version: null, pending: {}, sending: null },
  reported: null,
  storageInForce: null,
  toFree: 0,
  conditionsByHand: {},
  mobileUse: { day: 0, bytes: 0 },
  quotaRoom: null,
  progress: { mark: '', at: 0, madeAt: null },
  restarts: 0,
  diagnosis: null,
  outsideAddress: null,
};

/** What each value was when it was last read. A plan reads them all, some times a second, and mostly they are as they were. */
const lastRead = new WeakMap<Driver, Map<string, { readonly text: string; readonly value: unknown }>>();

/** The value itself may be shared with whoever else reads it, so it is frozen. */
export function readMeta<Key extends keyof Meta>(driver: Driver, key: Key): Meta[Key] {
  const text = driver.prepare('SELECT value FROM meta WHERE key = ?').get(key)?.['value'];
  if (typeof text !== 'string') return defaults[key];
  let known = lastRead.get(driver);
  if (!known) lastRead.set(driver, (known = new Map()));
  const last = known.get(key);
  if (last?.text === text) return last.value as Meta[Key];
  const value = frozen(parsed(key, text)) as Meta[Key];
  known.set(key, { text, value });
  return value;
}

function parsed(key: keyof Meta, text: string): unknown {
  const value: unknown = JSON.parse(text);
  // A setting that an earlier version did not know has its default.
  return key === 'settings' ? { ...defaultSettings, ...(value as Partial<DeviceSettings>) } : value;
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

export const readSettings = (driver: Driver): DeviceSettings => readMeta(driver, 'settings');

export function writeMeta<Key extends keyof Meta>(driver: Driver, key: Key, value: Meta[Key]): void {
  driver.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, JSON.stringify(value));
}

/** Whether the change of this place is part of what was read: whoever wrote it wrote what stands there or further on in it. */
export const isRead = ({ incarnations }: Cursor, { seq, by }: WrittenAt): boolean => incarnations.some((read) => read.by === by && seq <= read.seq);

/** Of what the server told of a place that was not read. What the same start of it told before lies behind that. */
export function noteTold(driver: Driver, place: WrittenAt): void {
  const told = readMeta(driver, 'told');
  const before = told.find(({ by }) => by === place.by);
  if (isRead(readMeta(driver, 'cursor'), place) || place.seq <= (before?.seq ?? 0)) return;
  writeMeta(driver, 'told', [...told.filter((one) => one !== before), place].slice(-INCARNATIONS_MAX));
}
