import type { Engine, ShownAlbum } from '@everroll/engine';
import { positionBetween, positionsAfter } from '@everroll/engine/positions';
import { AlbumId, inGroups } from '@everroll/protocol';
import { formatItems } from '../output/format.ts';
import { table, tone } from '../output/terminal.ts';
import { act } from './act.ts';
import { type Context, withLibrary } from './context.ts';
import { namedAssets } from './named-assets.ts';
import { type Outcome, succeeded, wrongUse } from './outcome.ts';

export function createAlbumCommand(context: Context, name: string): Promise<Outcome> {
  return withLibrary(context, (device) => {
    const albumId = AlbumId.parse(device.ports.random.id());
    return act(device, [{ op: 'album.create', albumId, name }], { albumId, name }, `The album ${name} was made.`);
  });
}

export function renameAlbumCommand(context: Context, named: string, name: string): Promise<Outcome> {
  return withAlbum(context, named, (device, { album }) => act(device, [{ op: 'album.rename', albumId: album.id, name }], { albumId: album.id, name }, `The album is named ${name}.`));
}

export function deleteAlbumCommand(context: Context, named: string): Promise<Outcome> {
  return withAlbum(context, named, (device, { album }) => act(device, [{ op: 'album.delete', albumId: album.id }], { albumId: album.id }, `The album ${album.name} was deleted; its photos stay.`));
}

export function addToAlbumCommand(context: Context, named: string, names: readonly string[]): Promise<Outcome> {
  return withAlbum(context, named, (device, { album, items: before }) => {
    const assets = namedAssets(device.engine, names);
    if (!assets.ok) return assets.outcome;
    const positions = positionsAfter(before, assets.assets.length);
    const items = assets.assets.flatMap(({ id }, at) => {
      const position = positions[at];
      return position === undefined ? [] : [{ assetId: id, position }];
    });
    return act(device, inGroups(items).map((group) => ({ op: 'album.add', albumId: album.id, items: group })), { albumId: album.id, assetIds: items.map(({ assetId }) => assetId) }, `${formatItems(items.length)} put into ${album.name}.`);
  });
}

export function removeFromAlbumCommand(context: Context, named: string, names: readonly string[]): Promise<Outcome> {
  return withAlbum(context, named, (device, { album }) => {
    const assets = namedAssets(device.engine, names);
    if (!assets.ok) return assets.outcome;
    const assetIds = assets.assets.map(({ id }) => id);
    const saw = device.engine.status().cursor?.seq ?? 0;
    return act(device, inGroups(assetIds).map((group) => ({ op: 'album.remove', albumId: album.id, assetIds: group, saw })), { albumId: album.id, assetIds }, `${formatItems(assetIds.length)} taken out of ${album.name}; they stay in the library.`);
  });
}

/** Puts a photo of an album before another one, or at its end. */
export function orderAlbumCommand(context: Context, named: string, name: string, options: { readonly before?: string }): Promise<Outcome> {
  return withAlbum(context, named, (device, { album, items }) => {
    const moved = namedAssets(device.engine, [name]);
    if (!moved.ok) return moved.outcome;
    const before = options.before === undefined ? undefined : namedAssets(device.engine, [options.before]);
    if (before?.ok === false) return before.outcome;
    const [asset] = moved.assets;
    const [successor] = before?.assets ?? [];
    const others = items.filter(({ assetId }) => assetId !== asset?.id);
    const at = successor === undefined ? others.length : others.findIndex(({ assetId }) => assetId === successor.id);
    if (asset === undefined || at < 0 || others.length === items.length) return wrongUse('Both photos must be in the album.');
    const position = positionBetween(others[at - 1]?.position ?? null, others[at]?.position ?? null);
    return act(device, [{ op: 'album.order', albumId: album.id, assetId: asset.id, position }], { albumId: album.id, assetId: asset.id, position }, 'The order was changed.');
  });
}

export function listAlbumsCommand(context: Context): Promise<Outcome> {
  return withLibrary(context, ({ engine }) => {
    const albums = engine.albums();
    return succeeded(
      { albums: albums.map(({ album, items }) => ({ ...album, items: items.map(({ assetId }) => assetId) })) },
      albums.length === 0 ? ['There is no album: everroll album create NAME'] : table(albums.map(({ album, items }) => [tone(album.id.slice(0, 8), 'quiet'), formatItems(items.length), album.name]), [{}, { align: 'right' }]),
    );
  });
}

function withAlbum(context: Context, named: string, body: (device: Parameters<Parameters<typeof withLibrary>[1]>[0], album: ShownAlbum) => Outcome): Promise<Outcome> {
  return withLibrary(context, (device) => {
    const found = albumsNamed(device.engine, named);
    const [album, second] = found;
    if (album === undefined) return wrongUse(`There is no album ${named}: everroll album list`);
    if (second !== undefined) return wrongUse(`Several albums are named ${named}: ${found.map((one) => one.album.id.slice(0, 8)).join(', ')}. Name one by its id.`);
    return body(device, album);
  });
}

function albumsNamed(engine: Engine, named: string): ShownAlbum[] {
  const albums = engine.albums();
  const byName = albums.filter(({ album }) => album.name === named);
  return byName.length > 0 || !/^[0-9a-f]{6,32}$/.test(named) ? byName : albums.filter(({ album }) => album.id.startsWith(named));
}
