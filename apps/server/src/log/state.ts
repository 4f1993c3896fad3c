import { type Actor, type Album, type AlbumItem, type Asset, type AssetId, CHANGED_SINCE, type Entity, type EntityKey, type Fork, generationAt, isAccountedFor, keyOf, keyText, type LogPlace, NOWHERE, type OfferedPlace, type Rows, type Sha256 } from '@everroll/protocol';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import type { Library } from '../libraries/authorize.ts';
import { classify } from '../plans/kinds.ts';
import { Holdings } from './holdings.ts';
import { albumOf, assetOf, itemOf, resourcesOf, type Stamp, stampOf } from './rows.ts';
import { writeEntities } from './write.ts';

export interface Stamped {
  readonly entity: Entity;
  readonly stamp: Stamp;
}

/**
 * The part of a library that a transaction reads and changes, held in memory for its length: rows
 * are loaded by a few queries, any number of operations is decided and appended on them, and what
 * changed is written by a few statements. The library's row must be locked before.
 */
export class LibraryState {
  readonly #library: Library;
  readonly #forks: readonly Fork[];
  readonly #rows: Map<string, Stamped>;
  readonly #holdings: Holdings;
  readonly #changed = new Set<string>();
  /** Assets whose list of resources changed. */
  readonly #relisted = new Set<AssetId>();
  /** Assets that have other adjustments. */
  readonly #restyled = new Set<AssetId>();
  /** Resources that may count as another kind now (rule Q3). */
  readonly #reclassified = new Set<Sha256>();
  #head: number;

  private constructor(library: Library, forks: readonly Fork[], rows: Map<string, Stamped>, holdings: Holdings) {
    this.#library = library;
    this.#forks = forks;
    this.#rows = rows;
    this.#holdings = holdings;
    this.#head = library.head;
  }

  /**
   * @param hashes named by the operations, beside those of the assets that are loaded
   * @param forks of this history (rule C4): behind the last one the present epoch began
   * @param lost of those hashes, the ones whose files are gone
   */
  static async load(trx: Queries, library: Library, keys: Iterable<EntityKey>, hashes: Iterable<Sha256>, forks: readonly Fork[], lost: ReadonlySet<Sha256> = new Set()): Promise<LibraryState> {
    const rows = await loadRows(trx, library, keys);
    await loadHolders(trx, library, rows);
    const all = new Set(hashes);
    for (const { entity } of rows.values()) {
      if (entity.kind === 'asset') for (const resource of entity.row.resources) all.add(resource.sha256);
    }
    return new LibraryState(library, forks, rows, await Holdings.load(trx, library.id, all, lost));
  }

  get head(): number {
    return this.#head;
  }

  get holdings(): Holdings {
    return this.#holdings;
  }

  /** What `apply` of the protocol reads, as the author of an operation stands to it. */
  rowsFor(actor: Actor): Rows {
    const row = (key: EntityKey) => this.#rows.get(keyText(key));
    return {
      asset: (id) => row({ kind: 'asset', id })?.entity.row as Asset | undefined,
      album: (id) => row({ kind: 'album', id })?.entity.row as Album | undefined,
      item: (albumId, assetId) => row({ kind: 'album_item', albumId, assetId })?.entity.row as AlbumItem | undefined,
      foreignSeq: (key) => {
        const stamp = row(key)?.stamp;
        return stamp ? foreignTo(stamp, actor) : 0;
      },
      wasPurged: (sha256) => this.#holdings.wasPurged(sha256),
      isStored: (resource) => this.#holdings.storedBytes(resource.sha256) === resource.bytes,
      offerBaseline: (key, offer) => this.offerBaseline(key, offer),
    };
  }

  /** Rule C4: up to where this row is accounted for. */
  offerBaseline(key: EntityKey, offer: OfferedPlace): LogPlace {
    const stamp = this.#rows.get(keyText(key))?.stamp;
    if (!stamp) return NOWHERE;
    // Unchanged since the fork: the lost epoch had this row at the same place, and went on from it.
    const isUnchanged = stamp.editSeq <= (this.#forks.at(-1)?.from ?? 0);
    // What an offer brought was not written where it stands now, but where it stood when it was lost.
    if (stamp.offered !== null && (!isUnchanged || offer.generation !== undefined)) return { ...stamp.offered, isBeside: isBeside(offer, stamp.offered, stamp.offered.generation) };
    if (!isUnchanged) return CHANGED_SINCE;
    const place: LogPlace = { generation: generationAt(this.#forks, stamp.editSeq), seq: stamp.editSeq };
    // A later one went on from here: only of an earlier fork can it be that the two parted before this row was written.
    return { ...place, isBeside: isAccountedFor(offer, place) && isBeside(offer, place, generationAt(this.#forks, offer.seq)) };
  }

  /**
   * Commits entities as one change (rule L2). Returns its `seq`.
   *
   * @param offeredOf up to where in a lost epoch a row is accounted for by it (rule C4); null where it is someone's change
   */
  append(actor: Actor, entities: readonly Entity[], offeredOf: (entity: Entity) => LogPlace | null = () => null): number {
    this.#head += 1;
    const offered = entities.map(offeredOf);
    for (const [index, entity] of entities.entries()) {
      const key = keyText(keyOf(entity));
      const before = this.#rows.get(key);
      const foreignSeq = before ? foreignTo(before.stamp, actor) : 0;
      if (entity.kind === 'asset') {
        this.#moveResources(entity.row, before?.entity.row as Asset | undefined);
        this.#noteKinds(entity.row, before?.entity.row as Asset | undefined);
        if (entity.row.adjustments !== (before?.entity.row as Asset | undefined)?.adjustments) this.#restyled.add(entity.row.id);
      }
      this.#rows.set(key, { entity, stamp: { seq: this.#head, editSeq: this.#head, actor, foreignSeq, offered: offered[index] ?? null } });
      this.#changed.add(key);
    }
    return this.#head;
  }

  /**
   * Commits what the server derived from an asset's originals (rule A6). It moves the row in the log
   * and is nobody's edit: a purge that had not seen it goes on (M7), and so does an offer (C4).
   */
  appendDerived(asset: Asset): number {
    const key = keyText({ kind: 'asset', id: asset.id });
    const before = this.#rows.get(key);
    if (!before) throw new Error('details were derived for an asset that was not loaded');
    this.#head += 1;
    this.#rows.set(key, { entity: { kind: 'asset', row: asset }, stamp: { ...before.stamp, seq: this.#head } });
    this.#changed.add(key);
    return this.#head;
  }

  #moveResources(after: Asset, before: Asset | undefined): void {
    const held = before?.resources ?? [];
    if (held === after.resources) return;
    this.#relisted.add(after.id);
    const wanted = new Set(after.resources.map((resource) => resource.sha256));
    for (const { sha256 } of held) {
      // What was joined to another asset was not deleted: its bytes are that one's (rule A7).
      if (!wanted.has(sha256)) this.#holdings.letGo(sha256, after.id, after.state === 'purged' && after.joinedTo === undefined);
    }
    for (const sha256 of wanted) this.#holdings.use(sha256, after.id);
  }

  #noteKinds(after: Asset, before: Asset | undefined): void {
    if (after.state === before?.state && after.mediaKind === before.mediaKind && after.resources === before.resources) return;
    for (const { sha256 } of [...(before?.resources ?? []), ...after.resources]) this.#reclassified.add(sha256);
  }

  /** Writes what was appended. Nothing of it exists before. */
  async flush(trx: Queries, now: number): Promise<void> {
    if (this.#head !== this.#library.head) {
      const changed = [...this.#changed].flatMap((key) => this.#rows.get(key) ?? []);
      await writeEntities(trx, this.#library.id, changed, this.#relisted, this.#restyled);
      await trx.updateTable('library').set({ head: this.#head }).where('id', '=', this.#library.id).execute();
    }
    await this.#holdings.flush(trx, this.#library, now);
    await classify(trx, this.#library.id, this.#reclassified);
  }
}

/**
 * Whether an offer is of another history than the row at `place`: of another generation than `own`, or with its row at the
 * same place. (A server that was put back by hand goes on in the same generation until somebody notices.)
 */
const isBeside = ({ seq, generation }: OfferedPlace, place: LogPlace, own: number): boolean => generation !== undefined && (generation !== own || seq === place.seq);

/** The newest change of a row by anyone but this author. */
function foreignTo(stamp: Stamp, author: Actor): number {
  return stamp.actor === author ? stamp.foreignSeq : stamp.editSeq;
}

/** Whoever asks for an asset that was joined to another asks for that one too (rule A7). */
async function loadHolders(trx: Queries, library: Library, rows: Map<string, Stamped>): Promise<void> {
  for (;;) {
    const holders = rows.values().flatMap(({ entity }): EntityKey[] => (entity.kind === 'asset' && entity.row.joinedTo !== undefined ? [{ kind: 'asset', id: entity.row.joinedTo }] : []));
    const missing = [...holders].filter((key) => !rows.has(keyText(key)));
    const found = missing.length === 0 ? [] : [...(await loadRows(trx, library, missing))];
    if (found.length === 0) return;
    for (const [key, row] of found) rows.set(key, row);
  }
}

async function loadRows(trx: Queries, library: Library, keys: Iterable<EntityKey>): Promise<Map<string, Stamped>> {
  const wanted = { asset: new Set<AssetId>(), album: new Set<Album['id']>(), items: new Map<Album['id'], Set<AssetId>>() };
  for (const key of keys) {
    if (key.kind === 'asset') wanted.asset.add(key.id);
    else if (key.kind === 'album') wanted.album.add(key.id);
    else wanted.items.set(key.albumId, (wanted.items.get(key.albumId) ?? new Set()).add(key.assetId));
  }

  const rows = new Map<string, Stamped>();
  const keep = (entity: Entity, stamp: Stamp) => rows.set(keyText(keyOf(entity)), { entity, stamp });
  const resources = await resourcesOf(trx, library.id, wanted.asset);
  for (const ids of chunks(wanted.asset)) {
    const found = await trx.selectFrom('asset').selectAll().where('library_id', '=', library.id).where('id', 'in', ids).execute();
    for (const row of found) keep({ kind: 'asset', row: assetOf(row, resources.get(row.id) ?? []) }, stampOf(row));
  }
  for (const ids of chunks(wanted.album)) {
    const found = await trx.selectFrom('album').selectAll().where('library_id', '=', library.id).where('id', 'in', ids).execute();
    for (const row of found) keep({ kind: 'album', row: albumOf(row) }, stampOf(row));
  }
  for (const [albumId, assetIds] of wanted.items) {
    for (const ids of chunks(assetIds)) {
      const found = await trx
        .selectFrom('album_item')
        .selectAll()
        .where('library_id', '=', library.id)
        .where('album_id', '=', albumId)
        .where('asset_id', 'in', ids)
        .execute();
      for (const row of found) keep({ kind: 'album_item', row: itemOf(row) }, stampOf(row));
    }
  }
  return rows;
}
