import { MutationsRequest } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';
import { type CursorSeen, cursorOf, serverRows } from './devices.ts';

/**
 * I9: what one operation changed a reader of the log sees whole. What that is the tables show right after the commit that decided
 * it, whatever places in the log its rows got: all that changed where one mutation was decided, and where there were more the rows
 * that a mutation names and no other one does. A reader is a device that follows the log, looked at after each of its own commits: people look at its rows at any
 * moment, and not only when a page is stored.
 */
interface Operation {
  readonly mutation: string;
  readonly library: string;
  readonly epoch: string;
  /** The rows that it changed, with their places in the log; those that were changed again since are none of it any more. */
  readonly rows: Map<string, number>;
  /** Devices that have all of it, or none of it to show. */
  readonly settled: Set<string>;
}

export class Operations {
  readonly #world: World;
  #open: Operation[] = [];
  /** By mutation: what a device asked for, as it was sent. */
  readonly #asked = new Map<string, unknown>();
  /** By mutation whose result the server keeps, or kept: what was decided, as JSON, and its place in the log; null: it was refused. */
  readonly #decided = new Map<string, { readonly operation: string; readonly seq: number | null }>();
  /** By library: what its tables held after the last commit. */
  #held = new Map<string, { readonly standing: string; readonly places: ReadonlyMap<string, number> }>();
  /** By device: the snapshot behind which it follows the log. */
  readonly #following = new Map<string, number>();
  /** By library: how far a history reached when it was put in the place of a longer one; the least of them. */
  readonly #broken = new Map<string, number>();
  /** By device: where it stands in a history that is no more, until it moves. */
  readonly #astray = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A request for changes is on its way. */
  sent(json: unknown): void {
    const request = MutationsRequest.safeParse(json);
    if (request.success) for (const { id, operation } of request.data.mutations) this.#asked.set(id, operation);
  }

  /** The server went back to an older state: what it did since, nobody is to see. */
  forget(): void {
    this.#open = [];
    this.#held.clear();
    this.#note();
    for (const { id, head } of this.#libraries()) this.#broken.set(id, Math.min(head, this.#broken.get(id) ?? head));
    for (const device of this.#world.devices) this.replaced(device);
  }

  /**
   * A device has what it read before the server went back, or has it again, from a backup or from another device. Put back by
   * hand, the server writes other changes at the same places of the same epoch; the device hears of it when it asks next, and
   * until it moves its rows say nothing of these.
   */
  replaced(device: Device): void {
    const cursor = cursorOf(device);
    const broken = this.#broken.get(device.account.libraryId);
    if (cursor && broken !== undefined && cursor.seq > broken) this.#astray.set(device.name, placeOf(cursor));
  }

  /** After each commit of a transaction of the server that writes. */
  committed(): void {
    const fresh = this.#note();
    for (const { id, epoch, standing } of this.#libraries()) {
      const before = this.#held.get(id);
      if (before?.standing === standing) continue;
      const places = this.#hold(id, standing);
      for (const operation of this.#open) {
        if (operation.library !== id) continue;
        for (const [key, seq] of operation.rows) if (places.get(key) !== seq) operation.rows.delete(key);
      }
      const changed = new Map([...places].filter(([key, seq]) => before?.places.get(key) !== seq));
      if (before) for (const mutation of fresh) this.#open.push({ mutation, library: id, epoch, rows: fresh.length === 1 ? changed : this.#ownOf(mutation, fresh, changed), settled: new Set() });
    }
    this.#open = this.#open.filter(({ rows }) => rows.size > 1);
  }

  /** A device has nothing any more: the first snapshot that it reads then has the number of the one that it read first before. */
  emptied(device: Device): void {
    this.#following.delete(device.name);
  }

  /** After each commit of a device that may have changed its rows. */
  judge(device: Device): void {
    const cursor = cursorOf(device);
    const snapshot = cursor?.phase === 'log' ? cursor.snapshot : null;
    // What changed while it was read a snapshot may show in part; the log behind it brings the rest (C2).
    const follows = snapshot !== null && this.#following.get(device.name) === snapshot;
    if (snapshot === null) this.#following.delete(device.name);
    else this.#following.set(device.name, snapshot);
    if (cursor && this.#astray.get(device.name) !== placeOf(cursor)) this.#astray.delete(device.name);
    const isAstray = this.#astray.has(device.name) || (cursor !== undefined && this.#isOfALostHistory(device, cursor));
    for (const operation of this.#open) {
      if (operation.library !== device.account.libraryId || operation.settled.has(device.name)) continue;
      if (follows && !isAstray && cursor?.epoch === operation.epoch) this.#compare(device, operation);
      else operation.settled.add(device.name);
    }
  }

  /** A page that was on its way when the server went back leads to a place of a history that is no more. */
  #isOfALostHistory(device: Device, { seq, incarnations }: CursorSeen): boolean {
    const library = device.account.libraryId;
    const broken = this.#broken.get(library);
    if (broken === undefined || seq <= broken) return false;
    const [writer] = this.#world.machine.database.rows('SELECT incarnation FROM incarnation WHERE library_id = ? AND from_seq < ? ORDER BY from_seq DESC LIMIT 1', library, seq);
    return (incarnations.at(-1)?.by ?? null) !== (writer?.['incarnation'] ?? null);
  }

  #compare(device: Device, { mutation, rows, settled }: Operation): void {
    const shown = new Map(device.database.rows('SELECT key, seq FROM entity WHERE key IN (SELECT value FROM json_each(?))', JSON.stringify([...rows.keys()])).map((row) => [String(row['key']), Number(row['seq'])]));
    const { here = [], lacking = [] } = Object.groupBy(rows, ([key, seq]) => ((shown.get(key) ?? 0) >= seq ? 'here' : 'lacking'));
    if (lacking.length === 0) settled.add(device.name);
    else if (here.length > 0) this.#world.fail('I9', `${device.name} shows a part of mutation ${mutation.slice(0, 8)}: ${told(here)}, and not ${told(lacking)}`);
  }

  /** The rows among those that changed which this mutation names, and none that was decided with it. */
  #ownOf(mutation: string, decided: readonly string[], changed: ReadonlyMap<string, number>): Map<string, number> {
    const named = namedBy(this.#asked.get(mutation));
    const others = decided.filter((one) => one !== mutation).map((one) => JSON.stringify(this.#asked.get(one) ?? null));
    return new Map([...changed].filter(([key]) => named.has(key) && !others.some((text) => text.includes(key.slice(-ID_LENGTH)))));
  }

  /** @returns the mutations that were decided since it was asked last. */
  #note(): string[] {
    const fresh = this.#world.machine.database
      .rows('SELECT id, seq FROM mutation_result')
      .filter((row) => !this.#decided.has(String(row['id'])))
      .map((row) => ({ id: String(row['id']), seq: row['seq'] === null ? null : Number(row['seq']) }));
    for (const { id, seq } of fresh) this.#decided.set(id, { operation: JSON.stringify(this.#asked.get(id)), seq });
    return fresh.map(({ id }) => id);
  }

  /** Of these operations, as JSON: which were decided, and those that were applied in the order of the log, as often as they were. An answer may be lost on its way; the tables tell. */
  decisionsOf(operations: readonly string[]): { readonly decided: ReadonlySet<string>; readonly applied: readonly string[] } {
    const wanted = new Set(operations);
    const decisions = [...this.#decided.values()].filter(({ operation }) => wanted.has(operation));
    return {
      decided: new Set(decisions.map(({ operation }) => operation)),
      applied: decisions.flatMap(({ operation, seq }) => (seq === null ? [] : [{ operation, seq }])).toSorted((a, b) => a.seq - b.seq).map(({ operation }) => operation),
    };
  }

  #libraries(): { readonly id: string; readonly epoch: string; readonly head: number; readonly standing: string }[] {
    return this.#world.machine.database.rows('SELECT id, epoch, head FROM library').map((row) => ({ id: String(row['id']), epoch: String(row['epoch']), head: Number(row['head']), standing: `${String(row['epoch'])} ${String(row['head'])}` }));
  }

  #hold(library: string, standing: string): ReadonlyMap<string, number> {
    const places = new Map(serverRows(this.#world, library).map(({ key, seq }) => [key, seq]));
    this.#held.set(library, { standing, places });
    return places;
  }
}

/** Of an asset and of an album, in hexadecimal. */
const ID_LENGTH = 32;

/** The rows of an operation on several assets; others change one. */
function namedBy(operation: unknown): ReadonlySet<string> {
  const { albumId, assetIds = [], items = [] } = operation as { readonly albumId?: string; readonly assetIds?: readonly string[]; readonly items?: readonly { readonly assetId: string }[] };
  return new Set([...assetIds, ...items.map(({ assetId }) => assetId)].map((id) => (albumId === undefined ? `asset:${id}` : `album_item:${albumId}/${id}`)));
}

const placeOf = ({ epoch, snapshot, seq }: CursorSeen): string => `${epoch} ${snapshot} ${seq}`;

function told(rows: readonly (readonly [string, number])[]): string {
  return rows.map(([key, seq]) => `${key.slice(0, 20)} at ${seq}`).join(', ');
}
