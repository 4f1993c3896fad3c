import { Entry, type Epoch, keyOf, keyText, type LibraryId } from '@everroll/protocol';
import type { Account } from '../device/device.ts';
import { readChanges, readSnapshot } from '../server/code.ts';
import { mix, Prng } from '../world/prng.ts';
import type { World } from '../world/world.ts';

/** What was read so far: a snapshot that began at one moment, its pages fetched at later ones. */
interface Reading {
  readonly epoch: Epoch;
  /** The cursor that the first page fixed. */
  readonly seq: number;
  /** Restores of the server before it began; by hand they leave the epoch as it is. */
  readonly rollbacks: number;
  readonly rows: Map<string, Entry>;
  /** Where the snapshot goes on; null: it was read to its end. */
  next: string | null;
}

const PAGE_LIMITS = [1, 2, 5, 50] as const;

/**
 * I8, for one library and one cursor of each run, both drawn by its seed: a reader that begins a snapshot at
 * some moment, reads a page of it after each action, never follows the log, and when everything is over
 * folds all that came since. It asks the server's own code, past network and processes, so that no fault strikes
 * it and it changes nothing.
 */
export class LogReader {
  readonly #world: World;
  readonly #account: Account | undefined;
  readonly #limit: number;
  /** Actions before it begins. */
  #patience: number;
  #reading: Reading | null = null;

  constructor(world: World) {
    const { seed, actions } = world.scenario;
    const chance = new Prng(mix(seed, 8));
    this.#world = world;
    this.#account = world.accounts[chance.below(world.accounts.length)];
    this.#patience = chance.below(actions.length + 1);
    this.#limit = chance.pick(PAGE_LIMITS);
  }

  /** After an action: a page of the snapshot. */
  async step(): Promise<void> {
    this.#patience -= 1;
    // While a process is in the middle of a transaction, nobody else is answered.
    if (this.#patience < 0 && this.#account && this.#world.machine.database.isFree) await this.#readPage(this.#account);
  }

  /** When everything is over: the rest of the snapshot, the tail of the log, and what both give together. */
  async finish(): Promise<void> {
    if (!this.#account || !this.#world.machine.database.isFree) return;
    const library = this.#account.libraryId;
    await this.#readPage(this.#account);
    while (typeof this.#reading?.next === 'string') await this.#readPage(this.#account);
    const reading = this.#reading;
    if (!reading) return;
    for (let [after, head] = [reading.seq, this.#standing(library).head]; after < head; ) {
      const page = await readChanges(this.#services(), sessionOf(this.#account), library, { epoch: reading.epoch, after, incarnations: null, told: [], generation: 0, limit: this.#limit });
      this.#fold(reading.rows, page.entries);
      if (page.to <= after) return this.#world.fail('I8', `the log of ${this.#account.email} does not go on at ${after}; its head is ${page.head}`);
      [after, head] = [page.to, page.head];
    }
    this.#compare(library, reading);
  }

  async #readPage(account: Account): Promise<void> {
    const { epoch, head } = this.#standing(account.libraryId);
    const { rollbacks } = this.#world.model;
    // What was read of a log that is no more says nothing about this one.
    if (this.#reading && (this.#reading.epoch !== epoch || this.#reading.rollbacks !== rollbacks || this.#reading.seq > head)) this.#reading = null;
    if (this.#reading?.next === null) return;
    const page = await readSnapshot(this.#services(), sessionOf(account), account.libraryId, { page: this.#reading?.next, limit: this.#limit });
    this.#reading ??= { epoch: page.epoch, seq: page.seq, rollbacks, rows: new Map(), next: null };
    this.#reading.next = page.next;
    this.#fold(this.#reading.rows, page.entries);
  }

  #compare(library: LibraryId, { seq: cursor, rows }: Reading): void {
    for (const { key, seq, content, isTombstone } of serverContents(this.#world, library)) {
      const held = rows.get(key);
      rows.delete(key);
      if (isTombstone && (!held || held.seq === seq)) continue;
      if (held?.seq === seq && contentOf(held) === content) continue;
      this.#world.fail('I8', `the snapshot at ${cursor} and the log since give ${key.slice(0, 20)} ${held ? `at ${held.seq} as ${contentOf(held)}` : 'not at all'}; the row is at ${seq} and ${content}`);
    }
    for (const [key, { seq }] of rows) this.#world.fail('I8', `the snapshot at ${cursor} and the log since give ${key.slice(0, 20)} at ${seq}, which is no row`);
  }

  /** By the rule alone: the newer row counts (L5). */
  #fold(rows: Map<string, Entry>, entries: readonly unknown[]): void {
    for (const text of entries) {
      const { success, data: entry } = Entry.safeParse(text);
      if (!success) return this.#world.fail('I8', `the server gives an entry that nobody can read: ${JSON.stringify(text).slice(0, 200)}`);
      const key = keyText(keyOf(entry));
      if (entry.seq >= (rows.get(key)?.seq ?? 0)) rows.set(key, entry);
    }
  }

  #standing(library: LibraryId): { readonly epoch: string; readonly head: number } {
    const [row] = this.#world.machine.database.rows('SELECT epoch, head FROM library WHERE id = ?', library);
    return { epoch: String(row?.['epoch']), head: Number(row?.['head']) };
  }

  #services(): Parameters<typeof readSnapshot>[0] {
    return { ...this.#world.machine.onlooker, clock: { now: () => this.#world.machine.clock() } };
  }
}

function contentOf(entry: Entry): string {
  switch (entry.kind) {
    case 'asset': {
      const { state, caption, favourite, hidden, capture, resources, adjustments } = entry.row;
      return JSON.stringify([state, caption, Number(favourite), Number(hidden), capture.at, resources.map(({ sha256 }) => sha256).join(' '), adjustments?.current.id ?? null, adjustments?.offered.map(({ id }) => id).join(' ') ?? null]);
    }
    case 'album':
      return JSON.stringify([entry.row.name]);
    case 'album_item':
      return JSON.stringify([entry.row.position]);
  }
}

/** The same out of the tables, by other ways than the server's own. */
function serverContents(world: World, library: LibraryId): { readonly key: string; readonly seq: number; readonly isTombstone: boolean; readonly content: string }[] {
  return world.machine.database
    .rows(
      `SELECT 'asset:' || id AS key, seq, state = 'purged' AS tombstone, json_array(state, caption, favourite, hidden, captured_at,
         (SELECT coalesce(group_concat(sha256, ' ' ORDER BY ordinal), '') FROM asset_resource WHERE library_id = asset.library_id AND asset_id = asset.id),
         json_extract(adjustments, '$.current.id'),
         iif(adjustments IS NULL, NULL, (SELECT coalesce(group_concat(value ->> '$.id', ' ' ORDER BY key), '') FROM json_each(adjustments, '$.offered')))) AS content
       FROM asset WHERE library_id = ?1
       UNION ALL SELECT 'album:' || id, seq, deleted, json_array(name) FROM album WHERE library_id = ?1
       UNION ALL SELECT 'album_item:' || album_id || '/' || asset_id, seq, present = 0, json_array(position) FROM album_item WHERE library_id = ?1`,
      library,
    )
    .map((row) => ({ key: String(row['key']), seq: Number(row['seq']), isTombstone: row['tombstone'] === 1, content: String(row['content']) }));
}

/** The owner's, of a device that asks for nothing else. */
function sessionOf(account: Account): Parameters<typeof readSnapshot>[1] {
  return { accountId: account.id, deviceId: '' as Parameters<typeof readSnapshot>[1]['deviceId'], via: 'bearer', tokenHash: '' };
}
