import { albumItems, type Engine, type Result, done } from '@everroll/engine';
import type * as positions from '@everroll/engine/positions';
import { adjustmentOf, type Album, type AlbumId, type AlbumItem, type Asset, type AssetFields, type AssetId, inGroups, type Operation, type Recipe, type RevisionId, setOperations, type Sha256 } from '@everroll/protocol';
import type { Driver } from '@everroll/engine';
import { albumAssets, albumsWith } from '../catalogue/albums.ts';
import type { Change, Changed, Undo } from '../contract/changes.ts';
import { merge } from './merge.ts';
import { randomId } from './random.ts';

/** What a change does, and what takes it back. */
interface Plan {
  readonly operations: readonly Operation[];
  readonly undo: readonly Operation[] | null;
  /** Photos or albums that are other than before. */
  readonly count: number;
  readonly album?: AlbumId;
}

interface Wanted {
  readonly id: AssetId;
  readonly fields: Partial<AssetFields>;
}

type Positions = typeof positions;

/** What places photos in albums, loaded behind the first photos. */
export const loadPositions = (): Promise<Positions> => import('@everroll/engine/positions');

/** Changes that place photos in albums, or whose reverse does. */
const placing: ReadonlySet<Change['do']> = new Set(['create_album', 'delete_album', 'add_to_album', 'move_in_album', 'merge']);
const places = (change: Change): boolean => placing.has(change.do) && !(change.do === 'create_album' && change.assets.length === 0);

const nothing: Plan = { operations: [], undo: null, count: 0 };

/** A person's change: operations of the protocol, in groups that one operation may name, and their reverse. */
export class Changer {
  readonly #engine: Engine;
  readonly #driver: Driver;
  #positions: Positions | undefined;

  constructor(engine: Engine, driver: Driver) {
    this.#engine = engine;
    this.#driver = driver;
  }

  /** @param newId of what the change makes, so that it makes one even when it is asked twice. */
  async make(change: Change, newId: string): Promise<Result<Changed>> {
    // Before the plan is made: nothing comes between it and what it does.
    if (places(change)) this.#positions ??= await loadPositions();
    const { operations, undo, count, album } = this.#plan(change, newId);
    const acted = this.#act(operations);
    if (!acted.ok) return acted;
    return done({ count, undo: undo === null || undo.length === 0 ? null : undo, album: album ?? null });
  }

  undo(undo: Undo): Result<Changed> {
    const acted = this.#act(undo);
    return acted.ok ? done({ count: undo.reduce((sum, operation) => sum + targetsOf(operation), 0), undo: null, album: null }) : acted;
  }

  #act(operations: readonly Operation[]): Result<void> {
    for (const operation of operations) {
      const acted = this.#engine.act(operation);
      if (!acted.ok) return acted;
    }
    return done(undefined);
  }

  #plan(change: Change, newId: string): Plan {
    switch (change.do) {
      case 'favourite':
        return this.#set(change.assets, () => ({ favourite: change.on }));
      case 'hide':
        return this.#set(change.assets, () => ({ hidden: change.on }));
      case 'archive':
        return this.#set(change.assets, () => ({ archived: change.on }));
      case 'caption':
        return this.#set([change.asset], () => ({ caption: change.caption }));
      case 'capture':
        return this.#set(change.assets, () => ({ capture: change.capture }));
      case 'shift_capture':
        return this.#set(change.assets, ({ capture }) => ({ capture: { at: capture.at + change.byMs, offsetMinutes: change.offsetMinutes === undefined ? capture.offsetMinutes : change.offsetMinutes } }));
      case 'place':
        return this.#set(change.assets, () => ({ place: change.place }));
      case 'own_capture':
        return this.#set(change.assets, ({ asTaken, capture }) => ({ capture: asTaken?.capture ?? capture }));
      case 'own_place':
        return this.#set(change.assets, ({ asTaken, place }) => ({ place: asTaken === undefined ? place : asTaken.place }));
      case 'adjust':
        return this.#look(change.asset, change.recipe, change.revision, { base: change.base });
      case 'take_look': {
        const offered = this.#asset(change.asset)?.adjustments?.offered.find(({ id }) => id === change.revision);
        return offered ? this.#look(change.asset, offered.recipe, offered.id, { over: offered.over }) : nothing;
      }
      case 'keep_look': {
        const adjustments = this.#asset(change.asset)?.adjustments;
        if (!adjustments) return nothing;
        const { id, base, over, recipe } = adjustments.current;
        return { operations: [{ op: 'asset.adjust', assetId: change.asset, revision: { id, base, over, recipe }, dismiss: adjustments.offered.map((each) => each.id) }], undo: null, count: 1 };
      }
      case 'delete':
        return this.#move(change.assets, 'live', 'asset.trash', 'asset.recover');
      case 'recover':
        return this.#move(change.assets, 'trashed', 'asset.recover', 'asset.trash');
      case 'merge':
        return this.#merge(change.groups);
      case 'purge':
        return this.#purge(change.assets);
      case 'empty_recently_deleted':
        return this.#purge(this.#engine.assets({ state: 'trashed' }).map(({ id }) => id));
      case 'create_album':
        return this.#create(newId as AlbumId, change.name, change.assets);
      case 'rename_album': {
        const before = this.#album(change.album)?.name;
        return { operations: [{ op: 'album.rename', albumId: change.album, name: change.name }], undo: before === undefined ? null : [{ op: 'album.rename', albumId: change.album, name: before }], count: 1 };
      }
      case 'delete_album': {
        // A deleted album does not come back (rule M9): what takes it back makes one like it.
        const album = this.#album(change.album);
        const like = album === undefined ? null : this.#create(randomId() as AlbumId, album.name, albumAssets(this.#driver, change.album)).operations;
        return { operations: [{ op: 'album.delete', albumId: change.album }], undo: like, count: 1 };
      }
      case 'add_to_album': {
        const held = new Set(albumAssets(this.#driver, change.album));
        return this.#add(change.album, change.assets.filter((id) => !held.has(id)));
      }
      case 'remove_from_album': {
        const items = change.assets.flatMap((id) => {
          const item = this.#item(change.album, id);
          return item?.present === true ? [item] : [];
        });
        return {
          operations: this.#removal(change.album, items.map(({ assetId }) => assetId)),
          undo: inGroups(items.map(({ assetId, position }) => ({ assetId, position }))).map((group) => ({ op: 'album.add', albumId: change.album, items: group })),
          count: items.length,
        };
      }
      case 'move_in_album':
        return this.#order(change.album, change.assets, change.before);
    }
  }

  /** Sets fields; assets that get the same ones travel together, and those that have them already are passed over. */
  #set(ids: readonly AssetId[], fieldsOf: (asset: Asset) => Partial<AssetFields>): Plan {
    const forth: Wanted[] = [];
    const back: Wanted[] = [];
    for (const id of ids) {
      const asset = this.#asset(id);
      if (asset === undefined) continue;
      const fields = fieldsOf(asset);
      const before = Object.fromEntries(Object.keys(fields).map((name) => [name, asset[name as keyof AssetFields]])) as Partial<AssetFields>;
      if (JSON.stringify(before) === JSON.stringify(fields)) continue;
      forth.push({ id, fields });
      back.push({ id, fields: before });
    }
    return { operations: setOperations(forth), undo: setOperations(back), count: forth.length };
  }

  /** What takes it back is the look before under its own name, or the photo as it was taken. */
  #look(id: AssetId, recipe: Recipe | null, revision: RevisionId, seen: { readonly base?: RevisionId | null; readonly over?: Sha256 }): Plan {
    const asset = this.#asset(id);
    const operation = asset && adjustmentOf(asset, recipe, revision);
    if (!asset || !operation) return nothing;
    const forth = { ...operation, revision: { ...operation.revision, ...seen } };
    const before = asset.adjustments?.current;
    const back = before ? { id: before.id, over: before.over, recipe: before.recipe } : { id: randomId() as RevisionId, over: forth.revision.over, recipe: null };
    return { operations: [forth], undo: [{ op: 'asset.adjust', assetId: id, revision: { ...back, base: revision }, dismiss: [] }], count: 1 };
  }

  #move(ids: readonly AssetId[], from: Asset['state'], forth: 'asset.trash' | 'asset.recover', back: 'asset.trash' | 'asset.recover'): Plan {
    const assets = ids.filter((id) => this.#asset(id)?.state === from);
    return { operations: inGroups(assets).map((assetIds) => ({ op: forth, assetIds })), undo: inGroups(assets).map((assetIds) => ({ op: back, assetIds })), count: assets.length };
  }

  /** Each with the `seq` of the row that is shown: the server refuses where someone edited it since (rule M7). */
  #purge(ids: readonly AssetId[]): Plan {
    const operations = ids.flatMap((assetId): Operation[] => {
      const row = this.#driver.prepare('SELECT seq, state FROM entity WHERE key = ?').get(`asset:${assetId}`);
      return row?.['state'] === 'trashed' ? [{ op: 'asset.purge', assetId, saw: Number(row['seq']) }] : [];
    });
    return { operations, undo: null, count: operations.length };
  }

  #merge(groups: readonly { readonly keep: AssetId; readonly others: readonly AssetId[] }[]): Plan {
    const library = {
      asset: (id: AssetId) => this.#asset(id),
      albumsWith: (id: AssetId) => albumsWith(this.#driver, id).map((album) => album.id),
      position: (album: AlbumId) => this.#positionsAfter(album, 1)[0] ?? '',
      seen: this.#engine.status().cursor?.seq ?? 0,
    };
    const merged = groups.map(({ keep, others }) => merge(library, keep, others));
    return { operations: merged.flatMap(({ operations }) => operations), undo: merged.flatMap(({ undo }) => undo), count: merged.reduce((sum, { count }) => sum + count, 0) };
  }

  #create(albumId: AlbumId, name: string, assets: readonly AssetId[]): Plan {
    const positions = this.#positionsAfter(albumId, assets.length);
    const items = assets.map((assetId, at) => ({ assetId, position: positions[at] ?? '' }));
    return {
      operations: [{ op: 'album.create', albumId, name }, ...inGroups(items).map((group): Operation => ({ op: 'album.add', albumId, items: group }))],
      undo: [{ op: 'album.delete', albumId }],
      count: 1,
      album: albumId,
    };
  }

  #add(albumId: AlbumId, assets: readonly AssetId[]): Plan {
    const positions = this.#positionsAfter(albumId, assets.length);
    const items = assets.map((assetId, at) => ({ assetId, position: positions[at] ?? '' }));
    return { operations: inGroups(items).map((group) => ({ op: 'album.add', albumId, items: group })), undo: this.#removal(albumId, assets), count: items.length };
  }

  #removal(albumId: AlbumId, assets: readonly AssetId[]): Operation[] {
    const saw = this.#engine.status().cursor?.seq ?? 0;
    return inGroups(assets).map((assetIds) => ({ op: 'album.remove', albumId, assetIds, saw }));
  }

  #order(albumId: AlbumId, assets: readonly AssetId[], before: AssetId | null): Plan {
    const moved = new Set(assets);
    const others = albumAssets(this.#driver, albumId).filter((id) => !moved.has(id));
    const at = before === null ? others.length : others.indexOf(before);
    const [previous, next] = [others[at - 1], others[at]];
    const ending = next === undefined ? null : (this.#item(albumId, next)?.position ?? null);
    let beginning = previous === undefined ? null : (this.#item(albumId, previous)?.position ?? null);
    const [operations, undo]: [Operation[], Operation[]] = [[], []];
    for (const assetId of at < 0 ? [] : assets) {
      const item = this.#item(albumId, assetId);
      if (item?.present !== true) continue;
      beginning = this.#placed().positionBetween(beginning, ending);
      operations.push({ op: 'album.order', albumId, assetId, position: beginning });
      undo.push({ op: 'album.order', albumId, assetId, position: item.position });
    }
    return { operations, undo, count: operations.length };
  }

  #placed(): Positions {
    if (this.#positions === undefined) throw new Error('a change that places photos is not named as one');
    return this.#positions;
  }

  #positionsAfter(albumId: AlbumId, count: number): string[] {
    return count === 0 ? [] : this.#placed().positionsAfter(albumItems(this.#driver, albumId), count);
  }

  #asset(id: AssetId): Asset | undefined {
    return this.#row(`asset:${id}`) as Asset | undefined;
  }

  #album(id: AlbumId): Album | undefined {
    return this.#row(`album:${id}`) as Album | undefined;
  }

  #item(album: AlbumId, asset: AssetId): AlbumItem | undefined {
    return this.#row(`album_item:${album}/${asset}`) as AlbumItem | undefined;
  }

  #row(key: string): unknown {
    const row = this.#driver.prepare('SELECT row FROM entity WHERE key = ?').get(key)?.['row'];
    return typeof row === 'string' ? JSON.parse(row) : undefined;
  }
}

function targetsOf(operation: Operation): number {
  if ('assetIds' in operation) return operation.assetIds.length;
  return 'items' in operation ? operation.items.length : 1;
}
