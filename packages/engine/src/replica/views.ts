import type { Album, AlbumItem, Asset, AssetState } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';

export interface AssetFilter {
  /** `live` unless said otherwise. */
  readonly state?: AssetState;
  readonly limit?: number;
  readonly offset?: number;
}

/** Assets as they are shown, newest capture first. */
export function assets(driver: Driver, filter: AssetFilter = {}): Asset[] {
  return driver
    .prepare("SELECT row FROM entity WHERE kind = 'asset' AND state = ? ORDER BY captured_at DESC, key LIMIT ? OFFSET ?")
    .all(filter.state ?? 'live', filter.limit ?? -1, filter.offset ?? 0)
    .map((row) => JSON.parse(String(row['row'])) as Asset);
}

/** Those whose id begins with `prefix`, purged ones aside. */
export function assetsByPrefix(driver: Driver, prefix: string, limit: number): Asset[] {
  return driver
    .prepare("SELECT row FROM entity WHERE key >= ? AND key < ? AND state <> 'purged' LIMIT ?")
    .all(`asset:${prefix}`, `asset:${prefix}g`, limit)
    .map((row) => JSON.parse(String(row['row'])) as Asset);
}

export interface ShownAlbum {
  readonly album: Album;
  /** In the album's order. */
  readonly items: readonly AlbumItem[];
}

/** Albums that are not deleted, by name, each with the items whose assets are live. */
export function albums(driver: Driver): ShownAlbum[] {
  return driver
    .prepare("SELECT row FROM entity WHERE kind = 'album' AND row IS NOT NULL")
    .all()
    .map((row) => JSON.parse(String(row['row'])) as Album)
    .filter((album) => !album.deleted)
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1))
    .map((album) => ({ album, items: albumItems(driver, album.id) }));
}

export function albumItems(driver: Driver, albumId: string): AlbumItem[] {
  return driver
    .prepare(
      `SELECT item.row FROM entity AS item JOIN entity AS asset ON asset.key = 'asset:' || substr(item.key, ?)
       WHERE item.key >= ? AND item.key < ? AND item.row IS NOT NULL AND asset.state = 'live'`,
    )
    .all(`album_item:${albumId}/`.length + 1, `album_item:${albumId}/`, `album_item:${albumId}0`)
    .map((row) => JSON.parse(String(row['row'])) as AlbumItem)
    .filter((item) => item.present)
    .toSorted((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : a.assetId < b.assetId ? -1 : 1));
}
