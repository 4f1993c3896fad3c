import { z } from 'zod';
import { Adjustments } from './adjustments.ts';
import { AlbumId, AssetId, DeviceId, Sha256 } from './ids.ts';
import { MediaDetails } from './media-details.ts';

/** Milliseconds since 1970-01-01T00:00Z. */
export const Milliseconds = z.int();

/** A position in the library's log (rule L1). 0 is before the first change. */
export const Seq = z.int().min(0);

export const ResourceRole = z.enum(['photo', 'paired_video', 'video', 'raw', 'sidecar', 'rendered_edit']);
export type ResourceRole = z.infer<typeof ResourceRole>;

/**
 * A file name as its device had it: any text without a path separator or a control character.
 * It is data for people; no part of the system opens a file by it without `safeFileName`.
 */
export const FileName = z
  .string()
  .min(1)
  .max(255)
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
  .regex(/^[^/\\\u0000-\u001f\u007f]+$/, 'a file name has no path separator and no control character');

export const MediaType = z.string().max(100).regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/, 'expected a media type such as image/heic');

/** One file of an asset. `bytes` is the exact length of the original. */
export const Resource = z.object({
  role: ResourceRole,
  sha256: Sha256,
  bytes: z.int().min(1),
  name: FileName,
  mediaType: MediaType,
});
export type Resource = z.infer<typeof Resource>;

/** When the photo was taken: the instant, and the zone's offset where the file says it. */
export const Capture = z.object({
  /** Where the file has no offset, its wall clock is read as UTC, so that every device says the same. */
  at: Milliseconds.min(-62_135_596_800_000).max(253_402_300_799_999),
  offsetMinutes: z.int().min(-1080).max(1080).nullable(),
});
export type Capture = z.infer<typeof Capture>;

/** WGS 84, degrees; altitude in metres. */
export const Place = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  altitude: z.number().min(-100_000).max(1_000_000).nullable(),
});
export type Place = z.infer<typeof Place>;

/** What people change about an asset. Each is a register: the last write in the log holds (rule M5). */
export const AssetFields = z.object({
  favourite: z.boolean(),
  hidden: z.boolean(),
  archived: z.boolean(),
  caption: z.string().max(10_000).nullable(),
  capture: Capture,
  place: Place.nullable(),
});
export type AssetFields = z.infer<typeof AssetFields>;

/** When and where, as an asset came, while a person has set another date or place (rule M11). */
export const AsTaken = AssetFields.pick({ capture: true, place: true });
export type AsTaken = z.infer<typeof AsTaken>;

export const MediaKind = z.enum(['photo', 'video', 'live_photo', 'raw', 'sidecar']);
export type MediaKind = z.infer<typeof MediaKind>;

/** `purged` is a tombstone: it has no resources and never appears in a snapshot. */
export const AssetState = z.enum(['live', 'trashed', 'purged']);
export type AssetState = z.infer<typeof AssetState>;

export const Asset = AssetFields.extend({
  id: AssetId,
  state: AssetState,
  /** Server time of the move to Recently Deleted. */
  trashedAt: Milliseconds.nullable(),
  mediaKind: MediaKind,
  /** The hash that the id is derived from. */
  primary: Sha256,
  /** Server time of the first commit. */
  addedAt: Milliseconds,
  resources: z.array(Resource).max(16),
  /** Derived from the resources by the server (rule A6); null until it has read them, and on a server that does not know it. */
  details: MediaDetails.nullable().default(null),
  /** Absent: its date and place are the ones that it came with. */
  asTaken: AsTaken.exactOptional(),
  /** Of a tombstone: the asset that holds its resources since it was joined to that one (rule A7). Nobody deleted it. */
  joinedTo: AssetId.exactOptional(),
  /** Of its resources, those whose bytes the server lost: a device that has them sends them again (rule S2). Absent: none. */
  wanted: z.array(Sha256).max(16).exactOptional(),
  /** How it is shown instead of as it was taken (rules E1 to E6). Absent: it was never adjusted. */
  adjustments: Adjustments.exactOptional(),
});
export type Asset = z.infer<typeof Asset>;

export const Album = z.object({
  id: AlbumId,
  name: z.string().min(1).max(500),
  /** A deleted album is a tombstone; its items are not shown. */
  deleted: z.boolean(),
  createdAt: Milliseconds,
});
export type Album = z.infer<typeof Album>;

/** Membership of the add-wins set of (album, asset) (rule M8). */
export const AlbumItem = z.object({
  albumId: AlbumId,
  assetId: AssetId,
  present: z.boolean(),
  /** Sorts by plain string comparison, ties by asset id; made by fractional indexing. */
  position: z.string().min(1).max(200).regex(/^[0-9A-Za-z]+$/),
});
export type AlbumItem = z.infer<typeof AlbumItem>;

/** An entry of the log: the latest state of one entity, and the `seq` of the change that made it. */
export const AssetEntry = z.object({ kind: z.literal('asset'), seq: Seq, row: Asset });
export const AlbumEntry = z.object({ kind: z.literal('album'), seq: Seq, row: Album });
export const AlbumItemEntry = z.object({ kind: z.literal('album_item'), seq: Seq, row: AlbumItem });
export const Entry = z.discriminatedUnion('kind', [AssetEntry, AlbumEntry, AlbumItemEntry]);
export type Entry = z.infer<typeof Entry>;
export type EntityKind = Entry['kind'];

export type Entity =
  | { readonly kind: 'asset'; readonly row: Asset }
  | { readonly kind: 'album'; readonly row: Album }
  | { readonly kind: 'album_item'; readonly row: AlbumItem };

/** Names an entity within its library. An album item's id is `albumId/assetId`. */
export type EntityKey =
  | { readonly kind: 'asset'; readonly id: AssetId }
  | { readonly kind: 'album'; readonly id: AlbumId }
  | { readonly kind: 'album_item'; readonly albumId: AlbumId; readonly assetId: AssetId };

export function keyOf(entity: Entity): EntityKey {
  switch (entity.kind) {
    case 'asset':
      return { kind: 'asset', id: entity.row.id };
    case 'album':
      return { kind: 'album', id: entity.row.id };
    case 'album_item':
      return { kind: 'album_item', albumId: entity.row.albumId, assetId: entity.row.assetId };
  }
}

/** A key as one string, for maps and for a primary key column. */
export function keyText(key: EntityKey): string {
  return key.kind === 'album_item' ? `album_item:${key.albumId}/${key.assetId}` : `${key.kind}:${key.id}`;
}

/** The device that made a change, or the server itself (the purge after 30 days). */
export const Actor = z.union([DeviceId, z.literal('server')]);
export type Actor = z.infer<typeof Actor>;
