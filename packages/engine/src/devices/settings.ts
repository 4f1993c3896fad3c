import { defaultSettings, type DeviceSettings, isSameMark, markOf, moveSettings, type SettingsChange, type SettingsDocument, type SettingsMark } from '@everroll/protocol';
import { readMeta, readSettings, type SettingsSync, writeMeta } from '../database/meta.ts';
import type { Driver } from '../ports/driver.ts';
import type { Random } from '../ports/world.ts';

/**
 * The settings of this device, which the server keeps too, so that they can be set from any other
 * device of the account (rules D2 and D3).
 */

/** A person sets something here: it holds at once, and is sent. Within a transaction. */
export function setLocally(driver: Driver, change: Partial<DeviceSettings>): void {
  writeMeta(driver, 'settings', { ...readSettings(driver), ...change });
  const sync = readMeta(driver, 'settingsSync');
  writeMeta(driver, 'settingsSync', { ...sync, pending: { ...sync.pending, ...change } });
}

/** The server knows this device by a new id: under that one nothing was said and nothing is set. */
export function forgetDevice(driver: Driver): void {
  writeMeta(driver, 'reported', null);
  writeMeta(driver, 'settingsSync', { version: null, pending: {}, sending: null });
}

/** Whether what is known here of the server's document may be what this mark names. */
export function isSettingsState(driver: Driver, mark: SettingsMark): boolean {
  const seen = seenMark(readMeta(driver, 'settingsSync'));
  return seen !== null && isSameMark(seen, mark);
}

function seenMark({ version, changes = [] }: SettingsSync): SettingsMark | null {
  return version === null ? null : markOf({ version, changes: [...changes] });
}

export function hasUnsentSettings(driver: Driver): boolean {
  const { pending, sending } = readMeta(driver, 'settingsSync');
  return sending !== null || Object.keys(pending).length > 0;
}

/**
 * The change to send next; null: there is none, or the server's document was never seen. It keeps its
 * name and its registers until it is answered; what is set meanwhile is a change of its own.
 */
export function changeToSend(driver: Driver, random: Random): Omit<SettingsChange, 'clock'> | null {
  return driver.transaction(() => {
    const sync = readMeta(driver, 'settingsSync');
    const seen = seenMark(sync);
    if (seen === null || !hasUnsentSettings(driver)) return null;
    const sending = sync.sending ?? { change: random.id(), settings: sync.pending };
    if (sync.sending === null) writeMeta(driver, 'settingsSync', { ...sync, pending: {}, sending });
    return { base: seen.version, after: seen.change, ...sending };
  });
}

/** The server took the change of this name. */
export function observeTaken(driver: Driver, sent: { base: number; change: string }, document: SettingsDocument, now: number): void {
  driver.transaction(() => {
    const sync = readMeta(driver, 'settingsSync');
    if (sync.sending?.change !== sent.change) return;
    const answered: SettingsSync = { ...sync, sending: null };
    // Nobody else wrote: what is here is what the server has, and no time is moved to and fro. The last change has to be this one:
    // one that is sent again, as its answer was lost, is answered with what others have set since.
    const last = markOf(document).change ?? sent.change;
    if (document.version === sent.base + 1 && last === sent.change) writeMeta(driver, 'settingsSync', { ...answered, version: document.version, changes: document.changes });
    else take(driver, answered, document, now);
  });
}

/** What the server keeps: it holds here too, but for what was set here and has not arrived there. */
export function observeSettings(driver: Driver, document: SettingsDocument, now: number): void {
  driver.transaction(() => {
    const sync = readMeta(driver, 'settingsSync');
    // Set before there was a server to tell: it is told now.
    if (sync.version === null) return take(driver, { ...sync, pending: { ...ownRegisters(driver), ...sync.pending } }, document, now);
    const fork = forkOf({ version: sync.version, changes: [...(sync.changes ?? [])] }, document);
    if (fork !== null) take(driver, unsentSince(driver, sync, document, fork), document, now);
    else if (!isSettingsState(driver, markOf(document)) || sync.changes === undefined) take(driver, sync, document, now);
  });
}

/**
 * The version up to which the document has the history that was seen here; null: it goes on from there. Changes of one
 * version with different names are of a server that was restored from an older backup. What neither names is not told apart.
 */
function forkOf(seen: Pick<SettingsDocument, 'version' | 'changes'>, document: SettingsDocument): number | null {
  const names = new Map(document.changes.map(({ version, change }) => [version, change]));
  const parted = seen.changes.find(({ version, change }) => names.has(version) && names.get(version) !== change);
  if (parted) return parted.version - 1;
  return document.version < seen.version ? document.version : null;
}

/**
 * A restored server has forgotten what was set after `fork`: it is told anew. What was set there since the fork, by whoever
 * did not know, is later, and holds.
 */
function unsentSince(driver: Driver, sync: SettingsSync, { changes }: SettingsDocument, fork: number): SettingsSync {
  const since = changes.filter(({ version }) => version > fork);
  const setThere = new Set(since.flatMap(({ registers }) => registers));
  const own = Object.fromEntries(Object.entries(readSettings(driver)).filter(([name]) => !setThere.has(name)));
  // A change that is of no known fate is made anew, unless it arrived after the fork.
  const unsent = since.some(({ change }) => change === sync.sending?.change) ? {} : sync.sending?.settings;
  return { ...sync, pending: { ...own, ...unsent, ...sync.pending }, sending: null };
}

function take(driver: Driver, sync: SettingsSync, document: SettingsDocument, now: number): void {
  writeMeta(driver, 'settings', { ...readSettings(driver), ...moveSettings(document.settings, now - document.clock), ...sync.sending?.settings, ...sync.pending });
  writeMeta(driver, 'settingsSync', { ...sync, version: document.version, changes: document.changes });
}

/** What was set on this device to something else than its default. */
function ownRegisters(driver: Driver): Partial<DeviceSettings> {
  const settings = readSettings(driver);
  const defaults = new Map<string, unknown>(Object.entries(defaultSettings));
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults.get(name)))) as Partial<DeviceSettings>;
}
