import { type Asset, deriveAssetId, type LibraryId, type Operation, type ReasonCode, type Resource, RESOURCES_MAX, type Sha256 } from '@everroll/protocol';
import type { Holdings } from '../log/holdings.ts';

/** What an operation says that its schema alone cannot check, before the rules decide on it. */

/** The hashes that deciding this operation looks up. */
export function hashesNamedBy(operation: Operation): Sha256[] {
  if (operation.op === 'asset.add') return operation.resources.map((resource) => resource.sha256);
  if (operation.op === 'offer' && operation.entity.kind === 'asset') return operation.entity.row.resources.map((resource) => resource.sha256);
  return [];
}

/** Why an operation is refused whatever the rows say; null where the rules of the protocol decide. */
export function flawOf(operation: Operation, libraryId: LibraryId, holdings: Holdings): ReasonCode | null {
  if (!isStorableText(operation)) return 'invalid_request';
  switch (operation.op) {
    case 'asset.add': {
      const { assetId, primary, resources } = operation;
      return isNamedByPrimary(libraryId, assetId, primary) && isListOf(resources, primary) && isOfStoredSize(resources, holdings) ? null : 'invalid_request';
    }
    case 'offer':
      return operation.entity.kind !== 'asset' || isWholeAsset(operation.entity.row, libraryId, holdings) ? null : 'invalid_request';
    default:
      return null;
  }
}

/** Whether every device can read the asset that an operation made. */
export function isReadable(asset: Asset): boolean {
  return asset.resources.length <= RESOURCES_MAX;
}

function isWholeAsset(asset: Asset, libraryId: LibraryId, holdings: Holdings): boolean {
  if (!isNamedByPrimary(libraryId, asset.id, asset.primary)) return false;
  if ((asset.trashedAt !== null) !== (asset.state === 'trashed')) return false;
  return asset.state === 'purged' ? asset.resources.length === 0 : isListOf(asset.resources, asset.primary) && isOfStoredSize(asset.resources, holdings);
}

function isNamedByPrimary(libraryId: LibraryId, assetId: Asset['id'], primary: Sha256): boolean {
  return assetId === deriveAssetId(libraryId, primary);
}

/** The primary resource is there, and no resource twice. */
function isListOf(resources: readonly Resource[], primary: Sha256): boolean {
  const distinct = new Set(resources.map(({ role, sha256 }) => `${role} ${sha256}`));
  return distinct.size === resources.length && resources.some(({ sha256 }) => sha256 === primary);
}

/** The size belongs to the bytes: where they are stored, it is known. Where not, `resource_missing` is said later. */
function isOfStoredSize(resources: readonly Resource[], holdings: Holdings): boolean {
  return resources.every(({ sha256, bytes }) => (holdings.storedBytes(sha256) ?? bytes) === bytes);
}

/** Postgres stores no NUL, and half of a surrogate pair is no UTF-8: both would come back as something else. */
function isStorableText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  return typeof value !== 'object' || value === null || Object.values(value).every(isStorableText);
}
