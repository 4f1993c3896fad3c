import type { AlbumId, AssetId } from '@everroll/protocol';

/** As the protocol's schemas of ids, for the page: it reads ids in addresses and in what is dragged, and needs no library of schemas for that. */
const isId = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);

export const isAssetId = (value: unknown): value is AssetId => isId(value);
export const isAlbumId = (value: unknown): value is AlbumId => isId(value);
