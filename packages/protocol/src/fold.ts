import { adjust, withLooksOf } from './adjusting.ts';
import type { Album, AlbumItem, Asset, AssetFields, Entity, EntityKey, Resource } from './entities.ts';
import { type AlbumId, type AssetId, assetIdBeside, type Sha256 } from './ids.ts';
import { endLone, holderOf, holds, withParts } from './joining.ts';
import { mediaKindOf, purged } from './media-kind.ts';
import type { AddAsset, Operation } from './operations.ts';
import type { ReasonCode } from './reasons.ts';

/**
 * What an operation does to rows: the conflict rules M5 to M9, A2 to A7 and E1 to E6 of docs/protocol.md, in
 * one place. The server decides with it in the transaction that commits; a device shows with it
 * what is pending. It is pure: the caller loads the rows of `rowsNamedBy` and stores what is returned.
 */
export interface Rows {
  asset(id: AssetId): Asset | undefined;
  album(id: AlbumId): Album | undefined;
  item(albumId: AlbumId, assetId: AssetId): AlbumItem | undefined;
  /** Newest change of this row by anybody but the author of the operation; 0 where there is none. */
  foreignSeq(key: EntityKey): number;
  /** Whether a person purged these bytes from this library. */
  wasPurged(sha256: Sha256): boolean;
  /** Whether the library holds these bytes, verified. */
  isStored(resource: Resource): boolean;
  /** For an offer after a rollback (rule C4): up to where this row is already accounted for. */
  offerBaseline(key: EntityKey, offer: OfferedPlace): LogPlace;
}

/** A place in the histories that a library went through, lost ones included (rule C4). */
export interface LogPlace {
  readonly generation: number;
  readonly seq: number;
  /** What stands here is of another history than what is offered: neither knew the other, so the later one says nothing against what it lacks. */
  readonly isBeside?: boolean;
}

/** Where what is offered stood when it was lost. An earlier version names no generation: then its `seq` alone is compared. */
export type OfferedPlace = Pick<Extract<Operation, { op: 'offer' }>, 'seq' | 'generation'>;

/** Before every other place: there is no row. */
export const NOWHERE: LogPlace = { generation: -1, seq: -1 };
/** Behind every other place: someone changed the row since the rollback. */
export const CHANGED_SINCE: LogPlace = { generation: Number.POSITIVE_INFINITY, seq: Number.POSITIVE_INFINITY, isBeside: true };

/** Whether what an offer names is no news to a row that is accounted for up to `baseline`. */
export const isAccountedFor = ({ generation, seq }: OfferedPlace, baseline: LogPlace): boolean =>
  generation === undefined || generation === baseline.generation ? seq <= baseline.seq : generation < baseline.generation;

export type Outcome =
  | { readonly outcome: 'changed'; readonly entities: readonly Entity[] }
  /** Everything is already as the operation wants it: no entry is written. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'rejected'; readonly code: ReasonCode };

const unchanged: Outcome = { outcome: 'unchanged' };
const rejected = (code: ReasonCode): Outcome => ({ outcome: 'rejected', code });
const changed = (entities: readonly Entity[]): Outcome => (entities.length === 0 ? unchanged : { outcome: 'changed', entities });

/** The rows that deciding this operation reads. The ones that it may change are among them. */
export function rowsNamedBy(operation: Operation): EntityKey[] {
  switch (operation.op) {
    case 'asset.add':
      return [operation.assetId, ...loneIdsOf(operation)].map((id) => ({ kind: 'asset', id }));
    case 'asset.purge':
    case 'asset.adjust':
      return [{ kind: 'asset', id: operation.assetId }];
    case 'asset.set':
    case 'asset.trash':
    case 'asset.recover':
      return operation.assetIds.map((id) => ({ kind: 'asset', id }));
    case 'album.create':
    case 'album.rename':
    case 'album.delete':
      return [{ kind: 'album', id: operation.albumId }];
    case 'album.add':
      return [
        { kind: 'album', id: operation.albumId },
        ...operation.items.flatMap(({ assetId }): EntityKey[] => [
          { kind: 'asset', id: assetId },
          { kind: 'album_item', albumId: operation.albumId, assetId },
        ]),
      ];
    case 'album.remove':
      return operation.assetIds.map((assetId) => ({ kind: 'album_item', albumId: operation.albumId, assetId }));
    case 'album.order':
      return [{ kind: 'album_item', albumId: operation.albumId, assetId: operation.assetId }];
    case 'offer':
      switch (operation.entity.kind) {
        case 'asset':
          return [{ kind: 'asset', id: operation.entity.row.id }];
        case 'album':
          return [{ kind: 'album', id: operation.entity.row.id }];
        case 'album_item':
          return [{ kind: 'album_item', albumId: operation.entity.row.albumId, assetId: operation.entity.row.assetId }];
      }
  }
}

/** Further rows that deciding it reads and never changes. */
export function rowsReadBy(operation: Operation): EntityKey[] {
  const joinedTo = operation.op === 'offer' && operation.entity.kind === 'asset' ? operation.entity.row.joinedTo : undefined;
  return joinedTo === undefined ? [] : [{ kind: 'asset', id: joinedTo }];
}

/** @param now server time in milliseconds, or a device's own for what it shows before the answer. */
export function apply(operation: Operation, rows: Rows, now: number): Outcome {
  switch (operation.op) {
    case 'asset.add':
      return addAsset(operation, rows, now);
    case 'asset.set':
      return eachAsset(operation.assetIds, rows, (asset) => setFields(asset, definedFields(operation.fields)));
    case 'asset.adjust': {
      const asset = rows.asset(operation.assetId);
      if (!isPresent(asset)) return rejected('not_found');
      const row = adjust(asset, operation, now);
      if (typeof row === 'string') return rejected(row);
      return row === asset ? unchanged : changed([{ kind: 'asset', row }]);
    }
    case 'asset.trash':
      return eachAsset(operation.assetIds, rows, (asset) =>
        asset.state === 'live' ? { ...asset, state: 'trashed', trashedAt: now } : asset,
      );
    case 'asset.recover':
      return eachAsset(operation.assetIds, rows, (asset) =>
        asset.state === 'trashed' ? { ...asset, state: 'live', trashedAt: null } : asset,
      );
    case 'asset.purge': {
      const asset = rows.asset(operation.assetId);
      if (!asset) return rejected('not_found');
      if (asset.state === 'purged') return unchanged;
      if (asset.state === 'live') return rejected('not_in_recently_deleted');
      if (rows.foreignSeq({ kind: 'asset', id: asset.id }) > operation.saw) return rejected('newer_edit');
      return changed([{ kind: 'asset', row: purged(asset) }]);
    }
    case 'album.create': {
      const album = rows.album(operation.albumId);
      if (album) return album.deleted ? rejected('album_deleted') : unchanged;
      return changed([{ kind: 'album', row: { id: operation.albumId, name: operation.name, deleted: false, createdAt: now } }]);
    }
    case 'album.rename':
    case 'album.delete': {
      const album = rows.album(operation.albumId);
      if (!album) return rejected('not_found');
      if (album.deleted) return operation.op === 'album.delete' ? unchanged : rejected('album_deleted');
      const row = operation.op === 'album.delete' ? { ...album, deleted: true } : { ...album, name: operation.name };
      return row.name === album.name && row.deleted === album.deleted ? unchanged : changed([{ kind: 'album', row }]);
    }
    case 'album.add': {
      const album = rows.album(operation.albumId);
      if (!album) return rejected('not_found');
      if (album.deleted) return rejected('album_deleted');
      const known = operation.items.filter(({ assetId }) => isPresent(rows.asset(assetId)));
      if (known.length === 0) return rejected('not_found');
      // An add of what is there already is written all the same: it renews the membership against a
      // removal by someone who has not seen it (add wins). The position that stands is kept.
      return changed(
        known.map(({ assetId, position }) => {
          const item = rows.item(operation.albumId, assetId);
          const row = item?.present ? item : { albumId: operation.albumId, assetId, present: true, position };
          return { kind: 'album_item', row };
        }),
      );
    }
    case 'album.remove':
      return changed(
        operation.assetIds.flatMap((assetId): Entity[] => {
          const item = rows.item(operation.albumId, assetId);
          if (!item?.present) return [];
          const seenByAuthor = rows.foreignSeq({ kind: 'album_item', albumId: operation.albumId, assetId }) <= operation.saw;
          return seenByAuthor ? [{ kind: 'album_item', row: { ...item, present: false } }] : [];
        }),
      );
    case 'album.order': {
      const item = rows.item(operation.albumId, operation.assetId);
      if (!item?.present) return rejected('not_found');
      if (item.position === operation.position) return unchanged;
      return changed([{ kind: 'album_item', row: { ...item, position: operation.position } }]);
    }
    case 'offer': {
      const [key] = rowsNamedBy(operation);
      const { entity } = operation;
      const baseline = key ? rows.offerBaseline(key, operation) : NOWHERE;
      const isAccounted = isAccountedFor(operation, baseline);
      if (entity.kind !== 'asset') return isAccounted ? unchanged : changed([entity]);
      if (!isAccounted) return offerAsset(entity.row, rows, baseline.isBeside === true);
      return baseline.isBeside === true || isOfAnotherHistory(entity.row, rows) ? offerWhatIsLacking(entity.row, rows) : unchanged;
    }
  }
}

/** What was never adjusted cannot have followed what was (rule E5), whatever their places say. */
const isOfAnotherHistory = (offered: Asset, rows: Rows): boolean => offered.adjustments !== undefined && rows.asset(offered.id)?.adjustments === undefined;

function offerAsset(offered: Asset, rows: Rows, keepsWhatItLacks: boolean): Outcome {
  const held = rows.asset(offered.id);
  // Bytes that the photo names here already may have been lost: what people made of it depends on them no more than the photo does.
  if (!offered.resources.every((resource) => rows.isStored(resource) || (isPresent(held) && holds(held, resource)))) return rejected('resource_missing');
  // A part of another asset ends where that one is there with all of it, and not before.
  const holder = offered.joinedTo === undefined ? undefined : rows.asset(offered.joinedTo);
  if (offered.joinedTo !== undefined && held?.state === 'live' && !held.resources.every((resource) => holder && holds(holder, resource))) return unchanged;
  // What was added to it since the fork stays with it, unless a person purged the photo.
  const row = held && offered.state !== 'purged' ? withParts(offered.asTaken ? offered : withAsTaken(offered, held), held.resources) : offered;
  // A device that knows no adjustments offers a row without them; nobody ever takes all of them away (rule E5).
  const adjustments = row.adjustments ?? held?.adjustments;
  // What the server derives it derives itself (rule A6): a device's copy of it is no source.
  const taken: Asset = { ...row, ...(adjustments && { adjustments }), details: held?.details ?? null };
  if (taken.state === 'purged') delete taken.adjustments;
  return changed([{ kind: 'asset', row: keepsWhatItLacks && held ? withWhatIsLacking(taken, held) : taken }]);
}

/** Somebody changed the photo since the rollback, or a later offer of it came before: its row stays, with what it lacks. */
function offerWhatIsLacking(offered: Asset, rows: Rows): Outcome {
  const held = rows.asset(offered.id);
  if (!isPresent(held)) return unchanged;
  const row = withWhatIsLacking(held, offered);
  return row === held ? unchanged : changed([{ kind: 'asset', row }]);
}

/**
 * What was lost with an epoch and replaces nothing comes back: a look, and a caption where there is none (who moved the
 * photo to Recently Deleted said nothing of that).
 */
function withWhatIsLacking(held: Asset, lost: Asset): Asset {
  if (!isPresent(held)) return held;
  const row = withLooksOf(held, lost);
  return row.caption === null && lost.caption !== null ? { ...row, caption: lost.caption } : row;
}

function addAsset(operation: AddAsset, rows: Rows, now: number): Outcome {
  const named = rows.asset(operation.assetId);
  // An asset that was joined to another is added to that one, which has it already (rule A7).
  const holder = named && holderOf(named, (id) => rows.asset(id));
  const isJoined = named?.joinedTo !== undefined;
  const asset = !isJoined ? named : holder && operation.resources.every((resource) => holds(holder, resource)) ? holder : undefined;
  const deleted = asset !== undefined && asset.state !== 'live';
  if (!operation.again && (deleted || operation.resources.some((resource) => rows.wasPurged(resource.sha256)))) {
    return rejected('deleted_from_library');
  }
  if (!operation.resources.every((resource) => rows.isStored(resource))) return rejected('resource_missing');
  if (!asset || asset.state === 'purged') {
    const row: Asset = {
      ...operation.fields,
      id: operation.assetId,
      primary: operation.primary,
      state: 'live',
      trashedAt: null,
      mediaKind: mediaKindOf(operation.resources, operation.primary),
      addedAt: named?.addedAt ?? now,
      resources: operation.resources,
      details: null,
    };
    return changed(withEnded(row, operation, rows));
  }
  const lacking = isJoined ? [] : operation.resources.filter((resource) => !asset.resources.some((held) => held.sha256 === resource.sha256 && held.role === resource.role));
  const resources = [...asset.resources, ...lacking];
  const row: Asset = { ...asset, state: 'live', trashedAt: null, resources, mediaKind: mediaKindOf(resources, asset.primary) };
  const entities = isJoined ? [{ kind: 'asset' as const, row }] : withEnded(row, operation, rows);
  return lacking.length === 0 && asset.state === 'live' && entities.length === 1 ? unchanged : changed(entities);
}

/** The asset, and the tombstones of those that are now parts of it as they were added by themselves before (rule A7). */
function withEnded(asset: Asset, operation: AddAsset, rows: Rows): Entity[] {
  let row = asset;
  const tombstones: Entity[] = [];
  for (const id of loneIdsOf(operation)) {
    const lone = rows.asset(id);
    const ended = lone ? endLone(row, lone) : null;
    if (!ended) continue;
    row = ended.holder;
    tombstones.push({ kind: 'asset', row: ended.tombstone });
  }
  return [{ kind: 'asset', row }, ...tombstones];
}

/** The ids that the further resources of an addition have as assets by themselves. */
function loneIdsOf({ assetId, primary, resources }: AddAsset): AssetId[] {
  return resources.flatMap(({ sha256 }) => (sha256 === primary ? [] : [assetIdBeside(assetId, primary, sha256)]));
}

/** Targets that are gone are passed over; only where none is left does the whole fail (rule M6). */
function eachAsset(ids: readonly AssetId[], rows: Rows, change: (asset: Asset) => Asset): Outcome {
  const found = ids.map((id) => rows.asset(id)).filter(isPresent);
  if (found.length === 0) return rejected('not_found');
  return changed(
    found.flatMap((asset): Entity[] => {
      const row = change(asset);
      return row === asset ? [] : [{ kind: 'asset', row }];
    }),
  );
}

function isPresent(asset: Asset | undefined): asset is Asset {
  return asset !== undefined && asset.state !== 'purged';
}

function setFields(asset: Asset, fields: Partial<AssetFields>): Asset {
  const row = withAsTaken({ ...asset, ...fields }, asset);
  const same = (Object.keys(fields) as (keyof AssetFields)[]).every((name) => JSON.stringify(row[name]) === JSON.stringify(asset[name]));
  return same ? asset : row;
}

/** Keeps what a date and a place were before a person first set them, for as long as they differ from it (rule M11). */
function withAsTaken({ asTaken: _, ...row }: Asset, before: Asset): Asset {
  const { capture, place } = before.asTaken ?? before;
  return JSON.stringify([row.capture, row.place]) === JSON.stringify([capture, place]) ? row : { ...row, asTaken: { capture, place } };
}

/** A field that was sent as `undefined` is one that was not sent. */
function definedFields(fields: { [Name in keyof AssetFields]?: AssetFields[Name] | undefined }): Partial<AssetFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
