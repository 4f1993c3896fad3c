import type { Driver } from '@everroll/engine';
import type { Album, AlbumItem, AssetId } from '@everroll/protocol';
import type { AlbumSummary } from '../contract/changes.ts';
import type { Catalogue } from './catalogue.ts';
import { SlotState } from './columns.ts';

/** The assets of an album in its order. */
export function albumAssets(driver: Driver, albumId: string): AssetId[] {
  return driver
    .prepare("SELECT row FROM entity WHERE key >= ? AND key < ? AND row IS NOT NULL")
    .all(`album_item:${albumId}/`, `album_item:${albumId}0`)
    .map((row) => JSON.parse(String(row['row'])) as AlbumItem)
    .filter((item) => item.present)
    .toSorted((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : a.assetId < b.assetId ? -1 : 1))
    .map((item) => item.assetId);
}

/** Albums that are not deleted, by name. */
export function albumSummaries(driver: Driver, { columns }: Catalogue): AlbumSummary[] {
  return driver
    .prepare("SELECT row FROM entity WHERE kind = 'album' AND row IS NOT NULL")
    .all()
    .map((row) => JSON.parse(String(row['row'])) as Album)
    .filter((album) => !album.deleted)
    .map((album) => {
      const slots = albumAssets(driver, album.id)
        .map((id) => columns.find(id))
        .filter((slot) => slot >= 0 && columns.data.states[slot] === SlotState.live);
      const times = slots.map((slot) => columns.data.localTimes[slot] ?? 0);
      const [first] = slots;
      return {
        id: album.id,
        name: album.name,
        createdAt: album.createdAt,
        count: slots.length,
        cover: first === undefined ? null : { id: columns.idAt(first) as AssetId, shown: columns.shownAt(first) },
        span: first === undefined ? null : { from: times.reduce((a, b) => Math.min(a, b)), to: times.reduce((a, b) => Math.max(a, b)) },
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

/** The albums that hold an asset. */
export function albumsWith(driver: Driver, assetId: string): { readonly id: Album['id']; readonly name: string }[] {
  return driver
    .prepare("SELECT row FROM entity WHERE kind = 'album_item' AND key LIKE ? AND row IS NOT NULL")
    .all(`%/${assetId}`)
    .map((row) => JSON.parse(String(row['row'])) as AlbumItem)
    .filter((item) => item.present)
    .flatMap((item) => {
      const row = driver.prepare('SELECT row FROM entity WHERE key = ?').get(`album:${item.albumId}`)?.['row'];
      const album = typeof row === 'string' ? (JSON.parse(row) as Album) : undefined;
      return album === undefined || album.deleted ? [] : [{ id: album.id, name: album.name }];
    });
}
