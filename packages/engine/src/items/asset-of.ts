import { type Asset, type AssetFields, type AssetId, deriveAssetId, holderOf, holds, type LibraryId, type PartRole, partsOf, type Resource, type ResourceRole } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';
import { baseAsset, shownAsset } from '../replica/entities.ts';
import type { KnownItem } from './item.ts';

/** What an item is in the library: its resource, its asset and the fields that a new asset gets from it. */
export function resourceOf(item: KnownItem, role: ResourceRole): Resource {
  return { role, sha256: item.sha256, bytes: item.bytes, name: item.name, mediaType: item.mediaType };
}

/**
 * Where a file does not say when it was taken, the time of the file is the best that is known. The
 * stills of phones before iOS 13 have no offset while their videos do: then the video's time holds.
 */
export function fieldsOf(item: KnownItem, half: KnownItem): AssetFields {
  const timed = item.captureOffset === null && half.captureOffset !== null && half.capturedAt !== null ? half : item;
  return {
    favourite: false,
    hidden: false,
    archived: false,
    caption: null,
    capture: { at: timed.capturedAt ?? Math.round(item.modifiedAt), offsetMinutes: timed.capturedAt === null ? null : timed.captureOffset },
    place: item.latitude === null || item.longitude === null ? null : { latitude: item.latitude, longitude: item.longitude, altitude: item.altitude },
  };
}

/** The asset that has a file's bytes, or that they are to make. */
export function assetWith(driver: Driver, item: KnownItem, library: LibraryId): { readonly asset: Asset | undefined; readonly assetId: AssetId; readonly primary: Resource } {
  const find = (id: AssetId): Asset | undefined => baseAsset(driver, id)?.asset;
  const named = item.assetId === null ? undefined : find(item.assetId);
  const holder = named && holderOf(named, find);
  const primary = holder?.resources.find((resource) => resource.sha256 === holder.primary);
  if (holder && primary && holds(holder, item)) return { asset: holder, assetId: holder.id, primary };
  const assetId = deriveAssetId(library, item.sha256);
  const asset = find(assetId);
  return { asset: asset?.joinedTo === undefined ? asset : undefined, assetId, primary: resourceOf(item, item.kind) };
}

/**
 * What a file brings to the asset that it is a part of: itself, and what it gathered while it was an
 * asset of its own, which ends by that. (Once refused it brings only itself: the server may have lost the rest.)
 */
export function partsFor(driver: Driver, whole: Asset | undefined, part: KnownItem, role: PartRole, library: LibraryId): Resource[] {
  const lone = shownAsset(driver, deriveAssetId(library, part.sha256));
  const parts = lone?.state === 'live' && part.attempts === 0 ? partsOf(lone, role) : [resourceOf(part, role)];
  return parts.map((resource) => whole?.resources.find((held) => held.sha256 === resource.sha256) ?? resource);
}
