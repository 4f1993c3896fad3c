import { createHash, randomBytes } from 'node:crypto';
import {
  type AlbumId,
  type AssetFields,
  type AssetId,
  type ChangesPage,
  deriveAssetId,
  Entry,
  type Entry as EntryType,
  keyOf,
  keyText,
  type MutationId,
  type MutationResult,
  type MutationsResponse,
  type Operation,
  type Resource,
  type Sha256,
  type SnapshotPage,
} from '@everroll/protocol';
import type { TestDevice, TestServer } from './test-server.ts';

export const newId = () => randomBytes(16).toString('hex');
export const albumId = () => newId() as AlbumId;
export const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex') as Sha256;

export const plainFields: AssetFields = {
  favourite: false,
  hidden: false,
  archived: false,
  caption: null,
  capture: { at: Date.UTC(2025, 5, 1), offsetMinutes: 120 },
  place: null,
};

export function photo(name: string, more: Partial<Resource> = {}): Resource {
  return { role: 'photo', sha256: sha256Of(name), bytes: 1000 + name.length, name: `${name}.heic`, mediaType: 'image/heic', ...more };
}

export function addOf(device: TestDevice, resources: Resource[], fields: Partial<AssetFields> = {}, again = false): Operation & { op: 'asset.add' } {
  const primary = resources[0]?.sha256;
  if (primary === undefined) throw new Error('an asset has a resource');
  return { op: 'asset.add', assetId: deriveAssetId(device.libraryId, primary), primary, resources, fields: { ...plainFields, ...fields }, again };
}

/** As if the bytes had been uploaded and verified. */
export async function store(server: TestServer, device: TestDevice, ...resources: Resource[]): Promise<void> {
  for (const { sha256, bytes } of resources) {
    const { numInsertedOrUpdatedRows } = await server.services.db
      .insertInto('resource')
      .values({ library_id: device.libraryId, sha256, bytes, verified_at: server.clock.time })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 1n) {
      await server.services.db.updateTable('account').set((eb) => ({ used_bytes: eb('used_bytes', '+', bytes) })).where('id', '=', device.accountId).execute();
    }
  }
}

/** A device's numbering of its mutations. */
export class Outbox {
  readonly device: TestDevice;
  epoch: string;
  next = 1;
  acknowledged = 0;

  constructor(device: TestDevice) {
    this.device = device;
    this.epoch = device.epoch;
  }

  number(operation: Operation | null): { number: number; id: MutationId; operation: Operation | null } {
    return { number: this.next++, id: newId() as MutationId, operation };
  }

  async post(mutations: readonly unknown[], acknowledged = this.acknowledged): Promise<Response> {
    return await this.device.request('POST', `/api/v1/libraries/${this.device.libraryId}/mutations`, { epoch: this.epoch, acknowledged, mutations });
  }

  async send(...operations: Operation[]): Promise<MutationResult[]> {
    const response = await this.post(operations.map((operation) => this.number(operation)));
    if (response.status !== 200) throw new Error(await response.text());
    return ((await response.json()) as MutationsResponse).results;
  }

  /** Sends one and says in short what came of it: its `seq`, or the code. */
  async do(operation: Operation): Promise<number | string> {
    const [result] = await this.send(operation);
    if (!result) throw new Error('no result');
    return result.outcome === 'applied' ? result.seq : result.code;
  }

  async adds(server: TestServer, name: string, fields: Partial<AssetFields> = {}): Promise<AssetId> {
    const resource = photo(name);
    await store(server, this.device, resource);
    const operation = addOf(this.device, [resource], fields);
    const done = await this.do(operation);
    if (typeof done !== 'number') throw new Error(done);
    return operation.assetId;
  }
}

/** A page whose entries a test may look into. */
export type Page<Of extends { entries: unknown[] }> = Omit<Of, 'entries'> & { entries: EntryType[] };

export function fold(rows: Map<string, EntryType>, entries: readonly unknown[]): Map<string, EntryType> {
  for (const raw of entries) {
    const entry = Entry.parse(raw);
    const key = keyText(keyOf(entry));
    const held = rows.get(key);
    if (!held || entry.seq > held.seq) rows.set(key, entry);
  }
  return rows;
}

export async function pageOf(device: TestDevice, after: number, limit?: number, epoch: string = device.epoch): Promise<Page<ChangesPage>> {
  const response = await device.request('GET', `/api/v1/libraries/${device.libraryId}/changes?epoch=${epoch}&after=${after}${limit === undefined ? '' : `&limit=${limit}`}`);
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as Page<ChangesPage>;
}

/** Folds the log from a cursor to its head. */
export async function tail(device: TestDevice, after: number, limit?: number, rows = new Map<string, EntryType>(), epoch: string = device.epoch): Promise<Map<string, EntryType>> {
  for (let cursor = after; ; ) {
    const page = await pageOf(device, cursor, limit, epoch);
    if (page.from !== cursor) throw new Error('a page that does not begin at the cursor');
    fold(rows, page.entries);
    cursor = page.to;
    if (cursor === page.head) return rows;
  }
}

export async function snapshotPage(device: TestDevice, page: string | null, limit: number): Promise<Page<SnapshotPage>> {
  const response = await device.request('GET', `/api/v1/libraries/${device.libraryId}/snapshot?limit=${limit}${page === null ? '' : `&page=${page}`}`);
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as Page<SnapshotPage>;
}

export async function wholeSnapshot(device: TestDevice, limit: number): Promise<{ seq: number; entries: EntryType[] }> {
  const entries: EntryType[] = [];
  let page = await snapshotPage(device, null, limit);
  const { seq } = page;
  for (;;) {
    entries.push(...page.entries);
    if (page.next === null) return { seq, entries };
    page = await snapshotPage(device, page.next, limit);
  }
}

/** What is left of rows when tombstones are taken out: what a device shows. */
export function withoutTombstones(rows: ReadonlyMap<string, EntryType>): Map<string, EntryType> {
  return new Map(
    [...rows].filter(([, entry]) => {
      switch (entry.kind) {
        case 'asset':
          return entry.row.state !== 'purged';
        case 'album':
          return !entry.row.deleted;
        case 'album_item':
          return entry.row.present;
      }
    }),
  );
}
