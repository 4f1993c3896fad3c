import { defaultSettings, type DeviceSettings, moveSettings, type SettingsDocument } from '@everroll/protocol';
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

export function hasUnsentSettings(driver: Driver): boolean {
  const { pending, sending } = readMeta(driver, 'settingsSync');
  return sending !== null || Object.keys(pending).length > 0;
}

/**
 * The change to send next; null: there is none, or the server's document was never seen. It keeps its
 * name and its registers until it is answered; what is set meanwhile is a change of its own.
 */
export function changeToSend(driver: Driver, random: Random): { readonly base: number; readonly change: string; readonly settings: Partial<DeviceSettings> } | null {
  return driver.transaction(() => {
    const sync = readMeta(driver, 'settingsSync');
    if (sync.version === null || !hasUnsentSettings(driver)) return null;
    const sending = sync.sending ?? { change: random.id(), settings: sync.pending };
    if (sync.sending === null) writeMeta(driver, 'settingsSync', { ...sync, pending: {}, sending });
    return { base: sync.version, ...sending };
  });
}

/** The server took the change of this name. */
export function observeTaken(driver: Driver, sent: { base: number; change: string }, document: SettingsDocument, now: number): void {
  driver.transaction(() => {
    const sync = readMeta(driver, 'settingsSync');
    if (sync.sending?.change !== sent.change) return;
    const answered: SettingsSync = { ...sync, sending: null };
    // Nobody else wrote: what is here is what the server has, and no time is moved to and fro.
    if (document.version === sent.base + 1) writeMeta(driver, 'settingsSync', { ...answered, version: document.version });
    else take(driver, answered, document, now);
  });
}

/** What the server keeps: it holds here too, but for what was set here and has not arrived there. */
export function observeSettings(driver: Driver, document: SettingsDocument, now: number): void {
  driver.transaction(() => {
    const sync = readMeta(driver, 'settingsSync');
    if (sync.version === document.version) return;
    // Set before there was a server to tell, or known to a server that has been restored from an
    // older backup and has forgotten it: what is here is told anew.
    if (sync.version === null) take(driver, { ...sync, pending: { ...ownRegisters(driver), ...sync.pending } }, document, now);
    else if (document.version < sync.version) take(driver, { ...sync, pending: readSettings(driver), sending: null }, document, now);
    else take(driver, sync, document, now);
  });
}

function take(driver: Driver, sync: SettingsSync, document: SettingsDocument, now: number): void {
  writeMeta(driver, 'settings', { ...readSettings(driver), ...moveSettings(document.settings, now - document.clock), ...sync.sending?.settings, ...sync.pending });
  writeMeta(driver, 'settingsSync', { ...sync, version: document.version });
}

/** What was set on this device to something else than its default. */
function ownRegisters(driver: Driver): Partial<DeviceSettings> {
  const settings = readSettings(driver);
  const defaults = new Map<string, unknown>(Object.entries(defaultSettings));
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults.get(name)))) as Partial<DeviceSettings>;
}
