import { type AlbumId, type Asset, type AssetFields, type AssetId, inGroups, type Operation, setOperations } from '@everroll/protocol';

/** What merging copies reads of the library, and how it adds to albums. */
export interface Library {
  asset(id: AssetId): Asset | undefined;
  /** The albums that an asset is in. */
  albumsWith(id: AssetId): readonly AlbumId[];
  /** A place at the end of an album. */
  position(album: AlbumId): string;
  /** The cursor that a removal names (rule M8). */
  readonly seen: number;
}

export interface Merged {
  readonly operations: readonly Operation[];
  readonly undo: readonly Operation[];
  readonly count: number;
}

/**
 * Keeps one of several copies: what people said of the others goes over to it, and they go to Recently
 * Deleted. A favourite among them makes it one; captions that differ stand below each other; a place is
 * taken over where it has none; it is put into each of their albums.
 */
export function merge(library: Library, keepId: AssetId, otherIds: readonly AssetId[]): Merged {
  const keep = library.asset(keepId);
  const others = otherIds.filter((id) => id !== keepId).flatMap((id) => library.asset(id) ?? []).filter(({ state }) => state === 'live');
  if (keep?.state !== 'live' || others.length === 0) return { operations: [], undo: [], count: 0 };
  const captions = [...new Set([keep, ...others].flatMap(({ caption }) => (caption === null ? [] : [caption])))];
  const wanted: AssetFields = {
    favourite: keep.favourite || others.some(({ favourite }) => favourite),
    hidden: keep.hidden,
    // Only where all of them were put away.
    archived: keep.archived && others.every(({ archived }) => archived),
    caption: captions.length === 0 ? null : captions.join('\n').slice(0, CAPTION_MAX),
    capture: keep.capture,
    place: keep.place ?? others.find(({ place }) => place !== null)?.place ?? null,
  };
  const names = (Object.keys(wanted) as (keyof AssetFields)[]).filter((name) => JSON.stringify(wanted[name]) !== JSON.stringify(keep[name]));
  const only = (fields: AssetFields): Partial<AssetFields> => Object.fromEntries(names.map((name) => [name, fields[name]])) as Partial<AssetFields>;
  const held = new Set(library.albumsWith(keep.id));
  const albums = [...new Set(others.flatMap(({ id }) => library.albumsWith(id)))].filter((album) => !held.has(album));
  const trashed = inGroups(others.map(({ id }) => id));
  return {
    operations: [
      ...(names.length === 0 ? [] : setOperations([{ id: keep.id, fields: only(wanted) }])),
      ...albums.map((albumId): Operation => ({ op: 'album.add', albumId, items: [{ assetId: keep.id, position: library.position(albumId) }] })),
      ...trashed.map((assetIds): Operation => ({ op: 'asset.trash', assetIds })),
    ],
    undo: [
      ...trashed.map((assetIds): Operation => ({ op: 'asset.recover', assetIds })),
      ...albums.map((albumId): Operation => ({ op: 'album.remove', albumId, assetIds: [keep.id], saw: library.seen })),
      ...(names.length === 0 ? [] : setOperations([{ id: keep.id, fields: only(keep) }])),
    ],
    count: others.length,
  };
}

/** As long as a caption may be (`AssetFields`). */
const CAPTION_MAX = 10_000;
