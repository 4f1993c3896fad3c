import { type Asset, type AssetId, type DeviceSettings, type Operation, Operation as OperationSchema, pausing, type ReasonCode, resuming, type SettingsMark, STALLED_MS, syncingNow } from '@everroll/protocol';
import { type Identity, type Meta, readMeta, readSettings, writeMeta } from './database/meta.ts';
import { databaseVersion, migrate } from './database/schema.ts';
import { forgetDevice, isSettingsState, setLocally } from './devices/settings.ts';
import { type Restarted, restartSync } from './doctor/restart-sync.ts';
import type { Timing } from './effects/context.ts';
import { restoreMissing } from './folder/removals.ts';
import { folderRoom } from './folder/room.ts';
import { KEPT_FOR_MS } from './folder/wants.ts';
import { readHolds, tryHoldsNow, tryServerNow } from './holds/holds.ts';
import { Journal, type JournalEvent, readEvents } from './journal/journal.ts';
import { enqueue, renumber } from './outbox/outbox.ts';
import { done, failed, type Result } from './ports/failure.ts';
import { type Removed, removeFromDevice } from './optimise/remove-from-device.ts';
import { conditionsNow } from './policy/conditions.ts';
import { type Limit, type WorkClass } from './policy/policy.ts';
import { verdict, type Verdict } from './policy/waiting.ts';
import type { Conditions } from './ports/conditions.ts';
import type { Driver } from './ports/driver.ts';
import type { Ports } from './ports/world.ts';
import { Meter, type Progress } from './progress.ts';
import { ofAsset, refreshAllNeeds, refreshNeed } from './replica/originals.ts';
import { albums, type AssetFilter, assets, assetsByPrefix, type ShownAlbum } from './replica/views.ts';
import { type RunOptions, Runner } from './runner.ts';
import { type ItemsByCode, itemsByCode } from './status/items-by-code.ts';
import { type StorageState, storageState } from './status/storage.ts';
import { type Status, status } from './status/status.ts';
import { type Whereabouts, whereabouts } from './status/whereabouts.ts';
import { type Why, type WhyQuery, why } from './status/why.ts';

export interface SourceRow {
  readonly id: number;
  readonly kind: 'source' | 'folder';
  readonly location: string;
  /** Why it cannot be read, or waits for a person; null: nothing is wrong. */
  readonly state: ReasonCode | null;
  readonly since: number | null;
  readonly lastScanAt: number | null;
  readonly items: number;
}

/** Patience is longer than settling, so that a photo taken just before is still saved. */
const defaultTiming: Timing = { settleMs: 10_000, patienceMs: 15_000, stallMs: STALLED_MS, rowsAtOnce: () => Number.POSITIVE_INFINITY };

/** A file of this device, or an asset with all that this device has or lacks of it. */
export type Askable = { readonly itemId: number } | { readonly assetId: AssetId };

/** Opens a device's database, which must not be used by a newer program (`replica_newer_than_program`). */
export function openEngine(ports: Ports, timing: Partial<Timing> = {}): Result<Engine> {
  const migrated = migrate(ports.driver);
  return migrated.ok ? done(new Engine(ports, { ...defaultTiming, ...timing })) : migrated;
}

/** The sync engine of one device: what people ask of it, and the run that does the work. */
export class Engine {
  readonly #ports: Ports;
  readonly #meter: Meter;
  readonly #runner: Runner;
  readonly #journal: Journal;

  constructor(ports: Ports, timing: Timing) {
    this.#ports = ports;
    this.#meter = new Meter(() => ports.clock.now());
    this.#journal = new Journal(ports.driver, () => ports.clock.now());
    this.#runner = new Runner(ports, timing, this.#meter, this.#journal);
  }

  identity(): Identity | null {
    return readMeta(this.#ports.driver, 'identity');
  }

  /** The server has said that another installation uses this one's identity: it needs one of its own. */
  isIdentityTaken(): boolean {
    return readHolds(this.#ports.driver).some((held) => held.code === 'duplicate_device_identity');
  }

  /** The library was read to its end once; from then on its log is followed. */
  isWhole(): boolean {
    return readMeta(this.#ports.driver, 'cursor').phase === 'log';
  }

  isSignedIn(): boolean {
    return readMeta(this.#ports.driver, 'signedIn');
  }

  /**
   * A database belongs to one library for good: signing in to another fails with `wrong_account`, as
   * two libraries are never merged silently. Where the server gave this device a new identity, what
   * is queued is numbered anew.
   */
  signIn(identity: Identity): Result<void> {
    const { driver, random } = this.#ports;
    const known = this.identity();
    if (known && (known.account.id !== identity.account.id || known.library.id !== identity.library.id)) {
      return failed('wrong_account', { detail: `${known.account.email} at ${known.server}` });
    }
    driver.transaction(() => {
      writeMeta(driver, 'identity', identity);
      writeMeta(driver, 'signedIn', true);
      if (known && known.device.id !== identity.device.id) {
        renumber(driver, 0, Number.MAX_SAFE_INTEGER, this.#ports.clock.now(), random);
        forgetDevice(driver);
      }
      tryHoldsNow(driver, this.#ports.clock.now());
    });
    this.wake();
    return done(undefined);
  }

  /**
   * A new database takes the place of a damaged one: the same device goes on with the numbers of its
   * changes (rule M1), and what could be read of its settings and of unsent changes comes back.
   */
  restore(from: { readonly lastNumber: number; readonly settings: Readonly<Record<string, string>>; readonly operations: readonly Operation[] }): void {
    const { driver, random, clock } = this.#ports;
    driver.transaction(() => {
      renumber(driver, from.lastNumber, Number.MAX_SAFE_INTEGER, clock.now(), random);
      for (const [key, value] of Object.entries(from.settings)) driver.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value);
      // Their rows are read from the server first; what they change is shown over those.
      for (const operation of from.operations) driver.prepare('INSERT INTO waiting_operation (operation) VALUES (?)').run(JSON.stringify(operation));
    });
    this.wake();
  }

  /** The queue, the replica and every file stay. */
  signOut(): void {
    writeMeta(this.#ports.driver, 'signedIn', false);
    this.wake();
  }

  sources(): SourceRow[] {
    return this.#ports.driver
      .prepare('SELECT source.*, (SELECT count(*) FROM item WHERE source_id = source.id) AS items FROM source ORDER BY id')
      .all()
      .map((row) => ({
        id: Number(row['id']),
        kind: row['kind'] === 'folder' ? 'folder' : 'source',
        location: String(row['location']),
        state: row['code'] as ReasonCode | null,
        since: row['since'] === null ? null : Number(row['since']),
        lastScanAt: row['scanned_at'] === null ? null : Number(row['scanned_at']),
        items: Number(row['items']),
      }));
  }

  addSource(location: string): Result<SourceRow> {
    return this.#addPlace('source', location);
  }

  /** What was found there and saved stays in the library; what was not saved is no longer spoken of. */
  removeSource(id: number): void {
    const { driver } = this.#ports;
    driver.transaction(() => {
      driver.prepare('DELETE FROM item WHERE source_id = ?').run(id);
      driver.prepare('DELETE FROM source WHERE id = ?').run(id);
      refreshAllNeeds(driver);
    });
    this.wake();
  }

  /** Sets, moves or (null) gives up the two-way library folder. No file is deleted by that. */
  setFolder(location: string | null): Result<SourceRow | null> {
    const held = this.sources().find((source) => source.kind === 'folder');
    if (held && held.location === location) return done(held);
    if (held) this.removeSource(held.id);
    return location === null ? done(null) : this.#addPlace('folder', location);
  }

  #addPlace(kind: 'source' | 'folder', location: string): Result<SourceRow> {
    const { driver } = this.#ports;
    // One inside another would show each file twice, and a file downloaded into the one would be new in the other.
    const clash = this.sources().find((other) => within(other.location, location) || within(location, other.location));
    if (clash) return failed('invalid_request', { detail: `${location} and ${clash.location} lie inside one another.` });
    driver.transaction(() => {
      driver.prepare('INSERT INTO source (kind, location) VALUES (?, ?)').run(kind, location);
      if (kind === 'folder') refreshAllNeeds(driver);
    });
    this.wake();
    const row = this.sources().find((source) => source.location === location);
    return row ? done(row) : failed('internal_error');
  }

  /** A person says that they deleted what the guard asks about. @returns files concerned. */
  confirmRemovals(): number {
    const { driver } = this.#ports;
    const missing = Number(driver.prepare("SELECT count(*) AS n FROM item WHERE stage = 'missing'").get()?.['n'] ?? 0);
    driver.prepare("UPDATE source SET removals_confirmed = 1 WHERE kind = 'folder' AND code = 'mass_deletion_guard'").run();
    this.wake();
    return missing;
  }

  /** A person says that they did not: the files are fetched again. @returns files concerned. */
  restoreRemoved(): number {
    const restored = this.sources()
      .filter((source) => source.kind === 'folder')
      .reduce((sum, source) => sum + restoreMissing(this.#ports.driver, source.id), 0);
    this.#ports.driver.prepare('UPDATE source SET removals_confirmed = 0').run();
    this.wake();
    return restored;
  }

  settings(): DeviceSettings {
    return readSettings(this.#ports.driver);
  }

  /**
   * Settings that are not named stay as they are. A condition says in this device's place what it
   * cannot tell, or tells wrongly; null takes it back.
   */
  set(change: Partial<DeviceSettings>, conditions: Partial<Conditions> = {}): void {
    const { driver } = this.#ports;
    driver.transaction(() => {
      setLocally(driver, change);
      const byHand = Object.entries({ ...this.conditionsByHand(), ...conditions }).filter(([, value]) => value !== null);
      writeMeta(driver, 'conditionsByHand', Object.fromEntries(byHand) as Partial<Conditions>);
    });
    this.wake();
  }

  /** @param until null: until `resume`. */
  pause(until: number | null): void {
    this.set(pausing(until, this.#ports.clock.now()));
  }

  resume(): void {
    this.set(resuming);
  }

  /** "Sync now": for an hour no power policy and no pause holds anything. */
  syncNow(): void {
    this.set(syncingNow(this.#ports.clock.now()));
  }

  /** A person allows today's amount of mobile data once more. */
  renewMobileAllowance(): void {
    writeMeta(this.#ports.driver, 'mobileUse', { day: 0, bytes: 0 });
    this.wake();
  }

  /** "Restart sync": fails with `local_database_corrupt` where that would be of no use. */
  restartSync(): Result<Restarted> {
    const restarted = restartSync(this.#ports);
    this.wake();
    return restarted;
  }

  /** The last things that this engine did: codes and times, no names. */
  events(): JournalEvent[] {
    this.#journal.write();
    return readEvents(this.#ports.driver);
  }

  /** Whether anything is left to do, and when something last moved in a run; 0: never. */
  standing(): { readonly lastProgressAt: number; readonly isWorkLeft: boolean } {
    const { items, downloads, pendingChanges } = this.status();
    return { lastProgressAt: readMeta(this.#ports.driver, 'progress').at, isWorkLeft: items.waiting + items.uploading + items.failed + downloads.items + pendingChanges > 0 };
  }

  /** False: signed out, switched off, paused or without a network. */
  mayWork(): boolean {
    return this.#verdict().permission.may === 'run';
  }

  /** Whether policy lets this device speak to the server now. */
  maySend(): boolean {
    const { permission, limits } = this.#verdict();
    return permission.may === 'run' && limits.metadata.upTo > 0;
  }

  #verdict(): Verdict {
    return verdict(this.#ports.driver, this.conditions(), this.#ports.clock.now());
  }

  databaseVersion(): number {
    return databaseVersion(this.#ports.driver);
  }

  itemsByCode(): ItemsByCode[] {
    return itemsByCode(this.#ports.driver);
  }

  /** What the doctor found when it last ran by itself; null: it had no cause to. */
  lastDiagnosis(): Meta['diagnosis'] {
    return readMeta(this.#ports.driver, 'diagnosis');
  }

  keepDiagnosis(diagnosis: NonNullable<Meta['diagnosis']>): void {
    writeMeta(this.#ports.driver, 'diagnosis', diagnosis);
    this.#journal.note('doctor', 'done');
  }

  /** `HOST:PORT` that the doctor may ask whether the internet is there; null, as from the beginning: nothing outside is asked. */
  outsideAddress(): string | null {
    return readMeta(this.#ports.driver, 'outsideAddress');
  }

  allowOutsideAddress(address: string | null): void {
    writeMeta(this.#ports.driver, 'outsideAddress', address);
  }

  /** What the device tells of its surroundings, with what a person said in its place. */
  conditions(): Conditions {
    return conditionsNow(this.#ports.driver, this.#ports);
  }

  conditionsByHand(): Partial<Conditions> {
    return readMeta(this.#ports.driver, 'conditionsByHand');
  }

  /** What may move of this class now: its size, and why no more. */
  workLimit(work: WorkClass): Limit {
    return verdict(this.#ports.driver, this.conditions(), this.#ports.clock.now()).limits[work];
  }

  /** A person looks at it: what of it lies here stays a while, and an original behind a picture comes. */
  #use(assetId: AssetId): void {
    const { driver, clock } = this.#ports;
    const now = clock.now();
    driver.prepare("UPDATE item SET used_at = ?, kept_until = max(kept_until, ?) WHERE asset_id = ? AND stage = 'verified'").run(now, now + KEPT_FOR_MS, assetId);
    for (const row of driver.prepare(`SELECT sha256 FROM original WHERE ${ofAsset()}`).all(assetId)) refreshNeed(driver, String(row['sha256']));
  }

  /** What of it waits on this device, and could be asked for. */
  askable(all: readonly Askable[]): { readonly items: number; readonly bytes: number } {
    const { driver } = this.#ports;
    const rows = all.flatMap(askedParts).flatMap(({ table, id, where, key }) =>
      driver
        .prepare(`SELECT ${id} AS id, bytes FROM ${table} WHERE ${where}`)
        .all(key)
        .map((row) => [`${table} ${row['id']}`, Number(row['bytes'])] as const),
    );
    const bytes = [...new Map(rows).values()];
    return { items: bytes.length, bytes: bytes.reduce((sum, one) => sum + one, 0) };
  }

  /**
   * A person asks for one thing by name: it goes before all else, and no background policy holds it.
   * Above 50 MB on a metered connection it needs their consent too (`metered_consent_needed`).
   * @returns files and originals concerned
   */
  ask(what: Askable, consent: boolean): number {
    const { driver } = this.#ports;
    const changed = driver.transaction(() => {
      const count = askedParts(what).reduce((sum, { table, where, key }) => sum + driver.prepare(`UPDATE ${table} SET asked = max(asked, ?2), next_at = 0 WHERE ${where}`).run(key, consent ? 2 : 1).changes, 0);
      if ('assetId' in what) this.#use(what.assetId);
      return count;
    });
    this.wake();
    return changed;
  }

  /**
   * A person lets what waits now go, whatever the connection costs; what comes later waits again.
   * @returns files and originals concerned
   */
  letWaitingGo(): number {
    const { driver } = this.#ports;
    const changed = driver.transaction(
      () =>
        driver.prepare(`UPDATE item SET asked = 2, next_at = 0 WHERE ${UNSENT}`).run().changes +
        driver.prepare('UPDATE original SET asked = 2, next_at = 0 WHERE need = 1').run().changes,
    );
    this.wake();
    return changed;
  }

  /**
   * A person's change: checked, shown at once, queued for the server. Fails with the rule's own code
   * where the rules refuse it here already.
   */
  act(operation: Operation): Result<void> {
    const { driver, clock, random } = this.#ports;
    const checked = OperationSchema.safeParse(operation);
    if (!checked.success) return failed('invalid_request', { detail: checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') });
    const queued = driver.transaction(() => enqueue(driver, checked.data, clock.now(), random));
    if (!queued.ok) return queued;
    this.wake();
    return done(undefined);
  }

  /** A person asks for a photo back that was deleted from the library (rule A4). */
  again(itemId: number): Result<void> {
    // Both halves of a Live Photo come back together.
    const changed = this.#ports.driver
      .prepare(
        `UPDATE item SET again = 1, stage = 'ask', code = NULL, evidence = NULL, since = NULL, next_at = 0
         WHERE (id = ? OR content_id = (SELECT content_id FROM item WHERE id = ?)) AND stage = 'excluded' AND code = 'deleted_from_library'`,
      )
      .run(itemId, itemId).changes;
    this.wake();
    return changed > 0 ? done(undefined) : failed('not_found');
  }

  /** How the originals of the library folder stand against what they may take; null: there is no such folder. */
  storage(): StorageState | null {
    return storageState(this.#ports.driver, this.settings(), folderRoom(this.#ports), this.#ports.clock.now());
  }

  /**
   * A person wants so many bytes of originals to give way to pictures, or with null as many as may
   * (`optimise` only: kept originals would come back at once). They go with the next run.
   * @returns what may go at all
   */
  free(bytes: number | null): { readonly items: number; readonly bytes: number } {
    const evictable = this.storage()?.evictable ?? { items: 0, bytes: 0 };
    if (evictable.items > 0) writeMeta(this.#ports.driver, 'toFree', bytes ?? Number.MAX_SAFE_INTEGER);
    this.wake();
    return evictable;
  }

  /** "Remove from this device". No run may be under way. Fails with `invalid_request` where there is no library folder, or as a question to the server does. */
  async removeFromDevice(signal: AbortSignal): Promise<Result<Removed>> {
    return removeFromDevice(this.#ports, signal);
  }

  /** Whatever waits for its next try is tried at once. */
  tryNow(): void {
    const { driver } = this.#ports;
    driver.transaction(() => {
      tryHoldsNow(driver, this.#ports.clock.now());
      driver.exec('UPDATE source SET next_at = 0, scan_wanted = 1');
      driver.exec("UPDATE item SET next_at = 0 WHERE code IN ('quota_full', 'item_larger_than_plan') AND stage = 'send'");
      driver.exec('UPDATE original SET next_at = 0 WHERE need = 1');
    });
    this.wake();
  }

  /** What failed is tried again, what was parked too, and what is gone for good is spoken of no more. */
  retryItems(): void {
    const { driver } = this.#ports;
    driver.transaction(() => unparkItems(driver));
    this.wake();
  }

  /** A person asks: every back-off ends, what was parked is tried again, and what is gone for good is spoken of no more. */
  retry(): void {
    const { driver } = this.#ports;
    driver.transaction(() => {
      tryHoldsNow(driver, this.#ports.clock.now());
      unparkItems(driver);
      // What the server lost since (a file on its disk) it says when it is asked again.
      driver.exec("UPDATE item SET stage = 'ask', next_at = 0 WHERE stage = 'verified'");
      driver.exec('UPDATE original SET next_at = 0, attempts = 0 WHERE need = 1');
      driver.exec('UPDATE source SET next_at = 0, scan_wanted = 1');
      driver.exec('UPDATE offer SET next_at = 0 WHERE mutation IS NULL');
    });
    this.wake();
  }

  /**
   * The server may have something new.
   * @param heard the server itself has said so: then it is there, and what waits for it is tried at once.
   */
  serverHasNews(heard: boolean): void {
    if (heard) this.#serverIsThere();
    this.#runner.wake({ pull: true, settings: !heard });
  }

  /** The server itself has said at what the settings of this device stand (rule D2). */
  settingsChanged(mark: SettingsMark): void {
    this.#serverIsThere();
    this.#runner.wake({ settings: !isSettingsState(this.#ports.driver, mark) });
  }

  #serverIsThere(): void {
    tryServerNow(this.#ports.driver, this.#ports.clock.now());
  }

  /** The storage plan may have room that it had not: what waits for it asks again, the smallest first. */
  planHasNews(): void {
    this.#ports.driver.prepare("UPDATE item SET next_at = 0 WHERE stage = 'send' AND code IN ('quota_full', 'item_larger_than_plan') AND next_at > 0").run();
    this.wake();
  }

  wake(): void {
    this.#runner.wake();
  }

  rescan(sourceId?: number): void {
    if (sourceId === undefined) this.#ports.driver.prepare('UPDATE source SET scan_wanted = 1, next_at = 0').run();
    else this.#ports.driver.prepare('UPDATE source SET scan_wanted = 1, next_at = 0 WHERE id = ?').run(sourceId);
    this.wake();
  }

  /** Does the work until nothing is left (`idle`) or the signal ends it. One run at a time for a database. */
  async run(options: RunOptions): Promise<void> {
    await this.#runner.run(options);
  }

  status(): Status {
    return status(this.#ports.driver, this.conditions(), this.#ports.clock.now(), folderRoom(this.#ports));
  }

  progress(): Progress {
    const { items, bytes } = this.status();
    const active = [...this.#meter.active.values()].map((transfer) => ({ ...transfer }));
    const partly = active.reduce((sum, transfer) => sum + (transfer.direction === 'up' ? transfer.done : 0), 0);
    const total = bytes.found - bytes.excluded;
    const doneBytes = Math.min(total, bytes.verified + partly);
    const bytesPerSecond = this.#meter.bytesPerSecond();
    return {
      items: { done: items.verified, total: items.found - items.excluded },
      bytes: { done: doneBytes, total },
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? (total - doneBytes) / bytesPerSecond : null,
      active,
    };
  }

  why(query: WhyQuery): Why[] {
    return why(this.#ports.driver, query, this.conditions(), this.#ports.clock.now());
  }

  /** Where the bytes of a photo's files are, as far as this device knows. */
  whereabouts(assetId: AssetId): Whereabouts[] {
    return whereabouts(this.#ports.driver, assetId, this.#ports.clock.now());
  }

  assets(filter: AssetFilter = {}): Asset[] {
    return assets(this.#ports.driver, filter);
  }

  assetsByPrefix(prefix: string, limit = 10): Asset[] {
    return assetsByPrefix(this.#ports.driver, prefix, limit);
  }

  albums(): ShownAlbum[] {
    return albums(this.#ports.driver);
  }

  close(): void {
    this.#ports.driver.close();
  }
}

function unparkItems(driver: Driver): void {
  driver.exec("UPDATE item SET next_at = 0, attempts = 0 WHERE code IS NOT NULL AND stage IN ('settling', 'inspect', 'ask', 'send', 'remove', 'evicted')");
  driver.exec("UPDATE item SET code = NULL, evidence = NULL, since = NULL WHERE code = 'repeatedly_failing'");
  // What the library folder lost since its last listing, the guard has to count in the next one.
  driver.exec("DELETE FROM item WHERE stage = 'vanished' AND NOT EXISTS (SELECT 1 FROM source WHERE source.id = source_id AND kind = 'folder' AND scanned_at <= item.since)");
}

function within(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/** Where the rows of something asked for lie; `key` is bound as the first parameter. */
const UNSENT = "stage IN ('settling', 'inspect', 'ask', 'send')";

function askedParts(what: Askable): { readonly table: 'item' | 'original'; readonly id: string; readonly where: string; readonly key: string | number }[] {
  // Both halves of a Live Photo go together.
  if ('itemId' in what) return [{ table: 'item', id: 'id', where: `(id = ?1 OR content_id = (SELECT content_id FROM item WHERE id = ?1)) AND ${UNSENT}`, key: what.itemId }];
  return [
    { table: 'original', id: 'asset_id || ordinal', where: `${ofAsset('?1')} AND (need = 1 OR sha256 IN (SELECT sha256 FROM item WHERE stage = 'evicted'))`, key: what.assetId },
    { table: 'item', id: 'id', where: `asset_id = ?1 AND ${UNSENT}`, key: what.assetId },
  ];
}
