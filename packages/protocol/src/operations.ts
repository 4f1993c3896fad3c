import { z } from 'zod';
import { OFFERED_MAX, Revision } from './adjustments.ts';
import { Album, AlbumItem, Asset, AssetFields, Resource, Seq } from './entities.ts';
import { AlbumId, AssetId, MutationId, RevisionId, Sha256 } from './ids.ts';

/** The most targets that one operation may name: it commits as one change, and a page never cuts one. */
export const TARGETS_MAX = 500;

const AssetIds = z.array(AssetId).min(1).max(TARGETS_MAX);

/** Adds an asset, or adds to one the resources that it lacks (rule A2). */
export const AddAsset = z.object({
  op: z.literal('asset.add'),
  assetId: AssetId,
  /** The hash that `assetId` is derived from; it stands among the resources. */
  primary: Sha256,
  resources: z.array(Resource).min(1).max(16),
  /** Used where the asset is new; an asset that exists keeps its own. */
  fields: AssetFields,
  /** A person asks for a photo back that was deleted from the library (rule A4). */
  again: z.boolean(),
});

export const SetFields = z.object({
  op: z.literal('asset.set'),
  assetIds: AssetIds,
  fields: AssetFields.partial().refine((fields) => Object.keys(fields).length > 0, 'at least one field'),
});

export const TrashAssets = z.object({ op: z.literal('asset.trash'), assetIds: AssetIds });
export const RecoverAssets = z.object({ op: z.literal('asset.recover'), assetIds: AssetIds });

/**
 * Gives a photo another look, or takes up an earlier one by its id (rules E1 to E4). Reverting is a
 * revision without a recipe.
 */
export const AdjustAsset = z.object({
  op: z.literal('asset.adjust'),
  assetId: AssetId,
  revision: Revision,
  /** Offered revisions that the person has seen and does not want. */
  dismiss: z.array(RevisionId).max(OFFERED_MAX),
});

/** Deletes one asset for ever. `saw` is the `seq` of the row that the person saw (rule M7). */
export const PurgeAsset = z.object({ op: z.literal('asset.purge'), assetId: AssetId, saw: Seq });

export const CreateAlbum = z.object({ op: z.literal('album.create'), albumId: AlbumId, name: Album.shape.name });
export const RenameAlbum = z.object({ op: z.literal('album.rename'), albumId: AlbumId, name: Album.shape.name });
export const DeleteAlbum = z.object({ op: z.literal('album.delete'), albumId: AlbumId });

export const AddToAlbum = z.object({
  op: z.literal('album.add'),
  albumId: AlbumId,
  items: z.array(z.object({ assetId: AssetId, position: AlbumItem.shape.position })).min(1).max(TARGETS_MAX),
});

/** `saw` is the cursor at which the person saw the album: an add that they had not seen stays (rule M8). */
export const RemoveFromAlbum = z.object({ op: z.literal('album.remove'), albumId: AlbumId, assetIds: AssetIds, saw: Seq });

export const OrderAlbum = z.object({
  op: z.literal('album.order'),
  albumId: AlbumId,
  assetId: AssetId,
  position: AlbumItem.shape.position,
});

/**
 * What a device had seen committed in an epoch that the server lost (rule C4). `seq` is the row's place in that epoch, and
 * `generation` the one in which it was written: of two devices' offers the later one holds, whichever comes first. A device
 * of an earlier version names no generation; its `seq` alone is compared.
 */
export const OfferEntity = z.object({
  op: z.literal('offer'),
  seq: Seq,
  generation: z.int().min(0).optional(),
  entity: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('asset'), row: Asset }),
    z.object({ kind: z.literal('album'), row: Album }),
    z.object({ kind: z.literal('album_item'), row: AlbumItem }),
  ]),
});

export const Operation = z.discriminatedUnion('op', [
  AddAsset,
  SetFields,
  AdjustAsset,
  TrashAssets,
  RecoverAssets,
  PurgeAsset,
  CreateAlbum,
  RenameAlbum,
  DeleteAlbum,
  AddToAlbum,
  RemoveFromAlbum,
  OrderAlbum,
  OfferEntity,
]);
export type Operation = z.infer<typeof Operation>;
export type AdjustAsset = z.infer<typeof AdjustAsset>;
export type AddAsset = z.infer<typeof AddAsset>;

/** A device's mutations are numbered from 1 without a gap; the id tells a repeat from a clone (rule M2). */
export const Mutation = z.object({ number: z.int().min(1), id: MutationId, operation: Operation });
export type Mutation = z.infer<typeof Mutation>;
