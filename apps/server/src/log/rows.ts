import { type Actor, type Adjustments, type Album, type AlbumItem, type AsTaken, type Asset, type AssetId, type LibraryId, type LogPlace, type MediaDetails, partNameOf, type Resource } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import { currentLook } from '../renditions/look.ts';
import type { AlbumItemTable, AlbumTable, AssetResourceTable, AssetTable } from '../database/schema.ts';

/** How the protocol's entities stand in tables. */

/** A row's place in the log, and what rules M7, M8 and C4 ask about it. */
export interface Stamp {
  readonly seq: number;
  /** The last change that the server did not derive (rule A6); of an album or a membership always `seq`. */
  readonly editSeq: number;
  readonly actor: Actor;
  readonly foreignSeq: number;
  /** What the last change accounts for of a lost epoch, if it was an offer. */
  readonly offered: LogPlace | null;
}

interface LogColumns {
  seq: number;
  edit_seq?: number;
  actor: Actor;
  foreign_seq: number;
  offer_seq: number | null;
  offer_generation: number;
}

export function stampOf(row: LogColumns): Stamp {
  return { seq: row.seq, editSeq: row.edit_seq ?? row.seq, actor: row.actor, foreignSeq: row.foreign_seq, offered: row.offer_seq === null ? null : { generation: row.offer_generation, seq: row.offer_seq } };
}

export function stampColumns(stamp: Stamp): Omit<LogColumns, 'edit_seq'> {
  return { seq: stamp.seq, actor: stamp.actor, foreign_seq: stamp.foreignSeq, offer_seq: stamp.offered?.seq ?? null, offer_generation: stamp.offered?.generation ?? 0 };
}

export function assetOf(row: Selectable<AssetTable>, resources: Resource[]): Asset {
  return {
    id: row.id,
    state: row.state,
    trashedAt: row.trashed_at,
    mediaKind: row.media_kind,
    primary: row.primary_sha256,
    addedAt: row.added_at,
    favourite: row.favourite === 1,
    hidden: row.hidden === 1,
    archived: row.archived === 1,
    caption: row.caption,
    capture: { at: row.captured_at, offsetMinutes: row.capture_offset_minutes },
    place: row.latitude === null || row.longitude === null ? null : { latitude: row.latitude, longitude: row.longitude, altitude: row.altitude },
    resources,
    details: row.details === null ? null : (JSON.parse(row.details) as MediaDetails),
    ...(row.as_taken === null ? {} : { asTaken: JSON.parse(row.as_taken) as AsTaken }),
    ...(row.joined_to === null ? {} : { joinedTo: row.joined_to }),
    ...(row.adjustments === null ? {} : { adjustments: JSON.parse(row.adjustments) as Adjustments }),
  };
}

export function assetColumns(libraryId: LibraryId, asset: Asset, stamp: Stamp): Selectable<AssetTable> {
  return {
    library_id: libraryId,
    ...stampColumns(stamp),
    id: asset.id,
    state: asset.state,
    trashed_at: asset.trashedAt,
    media_kind: asset.mediaKind,
    primary_sha256: asset.primary,
    added_at: asset.addedAt,
    captured_at: asset.capture.at,
    capture_offset_minutes: asset.capture.offsetMinutes,
    latitude: asset.place?.latitude ?? null,
    longitude: asset.place?.longitude ?? null,
    altitude: asset.place?.altitude ?? null,
    favourite: Number(asset.favourite),
    hidden: Number(asset.hidden),
    archived: Number(asset.archived),
    caption: asset.caption,
    details: asset.details === null ? null : JSON.stringify(asset.details),
    content_identifier: asset.details?.contentIdentifier ?? null,
    stem: stemOf(asset),
    as_taken: asset.asTaken === undefined ? null : JSON.stringify(asset.asTaken),
    joined_to: asset.joinedTo ?? null,
    screenshot: Number(asset.details?.marks?.includes('screenshot') ?? false),
    adjustments: asset.adjustments === undefined ? null : JSON.stringify(asset.adjustments),
    adjusted_task: currentLook(asset)?.adjusted ?? null,
    described: 0,
    edit_seq: stamp.editSeq,
  };
}

/** A tombstone has no names. */
function stemOf(asset: Asset): string | null {
  const primary = asset.resources.find((resource) => resource.sha256 === asset.primary);
  return primary ? partNameOf(primary.name).stem : null;
}

export function albumOf(row: Selectable<AlbumTable>): Album {
  return { id: row.id, name: row.name, deleted: row.deleted === 1, createdAt: row.created_at };
}

export function albumColumns(libraryId: LibraryId, album: Album, stamp: Stamp): Selectable<AlbumTable> {
  return { library_id: libraryId, ...stampColumns(stamp), id: album.id, name: album.name, deleted: Number(album.deleted), created_at: album.createdAt };
}

export function itemOf(row: Selectable<AlbumItemTable>): AlbumItem {
  return { albumId: row.album_id, assetId: row.asset_id, present: row.present === 1, position: row.position };
}

export function itemColumns(libraryId: LibraryId, item: AlbumItem, stamp: Stamp): Selectable<AlbumItemTable> {
  return {
    library_id: libraryId,
    ...stampColumns(stamp),
    album_id: item.albumId,
    asset_id: item.assetId,
    present: Number(item.present),
    position: item.position,
  };
}

export function resourceColumns(libraryId: LibraryId, asset: Asset): Selectable<AssetResourceTable>[] {
  return asset.resources.map((resource, ordinal) => ({
    library_id: libraryId,
    asset_id: asset.id,
    ordinal,
    role: resource.role,
    sha256: resource.sha256,
    bytes: resource.bytes,
    name: resource.name,
    media_type: resource.mediaType,
  }));
}

/** The resources of many assets by one query each few hundred, each asset's in their order. */
export async function resourcesOf(db: Queries, libraryId: LibraryId, assetIds: Iterable<AssetId>): Promise<Map<AssetId, Resource[]>> {
  const found = new Map<AssetId, Resource[]>();
  for (const ids of chunks(assetIds)) {
    const rows = await db
      .selectFrom('asset_resource')
      .select(['asset_id', 'role', 'sha256', 'bytes', 'name', 'media_type'])
      .where('library_id', '=', libraryId)
      .where('asset_id', 'in', ids)
      .orderBy('asset_id')
      .orderBy('ordinal')
      .execute();
    for (const row of rows) {
      const resource: Resource = { role: row.role, sha256: row.sha256, bytes: row.bytes, name: row.name, mediaType: row.media_type };
      const list = found.get(row.asset_id);
      if (list) list.push(resource);
      else found.set(row.asset_id, [resource]);
    }
  }
  return found;
}
