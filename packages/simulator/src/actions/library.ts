import { positionBetween, positionsAfter } from '@everroll/engine/positions';
import type { AlbumId, Asset, AssetId, Operation } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';
import type { Action } from './action.ts';
import { chosen, type Handlers } from './handler.ts';

/** A person acts on what their device shows. @returns whether the device took it; a device that died meanwhile may have. */
function act(device: Device, operation: Operation): boolean {
  return device.ask((engine) => engine.act(operation).ok) ?? !device.isFull;
}

function shown(device: Device, state: 'live' | 'trashed'): readonly Asset[] {
  return device.ask((engine) => engine.assets({ state })) ?? [];
}

function assetFor(device: Device, action: Action, state: 'live' | 'trashed' = 'live'): Asset | undefined {
  return chosen(shown(device, state), action.x);
}

function albumFor(device: Device, action: Action): { readonly id: AlbumId; readonly items: readonly AssetId[] } | undefined {
  const album = chosen(device.ask((engine) => engine.albums()) ?? [], action.y);
  return album && { id: album.album.id, items: album.items.map((item) => item.assetId) };
}

/** The cursor at which a person sees what they see. */
function seen(device: Device): number {
  const [row] = device.database.rows("SELECT json_extract(value, '$.seq') AS seq FROM meta WHERE key = 'cursor'");
  return Number(row?.['seq'] ?? 0);
}

function short(id: string): string {
  return id.slice(0, 8);
}

function hashesOf(asset: Asset): string[] {
  return asset.resources.map((resource) => resource.sha256);
}

function captioned(world: World, device: Device, asset: Asset, text: string): void {
  const key = `${device.account.libraryId}/${asset.id}`;
  world.model.captions.set(key, [...(world.model.captions.get(key) ?? []), { device: device.name, text }]);
}

export const libraryHandlers: Handlers = {
  'caption': (world, device, action) => {
    const asset = assetFor(device, action);
    const text = `caption ${action.salt}`;
    if (!asset || !act(device, { op: 'asset.set', assetIds: [asset.id], fields: { caption: text } })) return null;
    captioned(world, device, asset, text);
    // Killed in the middle of the act: it may count or not, so nobody can say which caption holds.
    if (!device.lives) captioned(world, device, asset, `${text}?`);
    return `captions ${short(asset.id)} "${text}"`;
  },
  'favourite': (_world, device, action) => {
    const asset = assetFor(device, action);
    if (!asset || !act(device, { op: 'asset.set', assetIds: [asset.id], fields: { favourite: action.y % 2 === 0, hidden: action.y % 3 === 0 } })) return null;
    return `marks ${short(asset.id)}`;
  },
  'trash': (world, device, action) => {
    const assets = shown(device, 'live').slice(0, 1 + (action.y % 3));
    const some = action.x % 2 === 0 ? assets : [assetFor(device, action)].filter((asset) => asset !== undefined);
    if (some.length === 0) return null;
    // Noted first: what follows from the act is the person's from this moment on.
    for (const asset of some) world.model.trash(device.account.libraryId, asset.id, hashesOf(asset), world.machine.clock());
    act(device, { op: 'asset.trash', assetIds: some.map((asset) => asset.id) });
    return `deletes ${some.map((asset) => short(asset.id)).join(' ')}`;
  },
  'recover': (_world, device, action) => {
    const asset = assetFor(device, action, 'trashed');
    if (!asset || !act(device, { op: 'asset.recover', assetIds: [asset.id] })) return null;
    return `recovers ${short(asset.id)}`;
  },
  'purge': (world, device, action) => {
    const asset = assetFor(device, action, 'trashed');
    if (!asset) return null;
    const [row] = device.database.rows('SELECT seq FROM entity WHERE key = ?', `asset:${asset.id}`);
    world.model.purge(device.account.libraryId, asset.id, hashesOf(asset), world.machine.clock());
    act(device, { op: 'asset.purge', assetId: asset.id, saw: Number(row?.['seq'] ?? 0) });
    return `deletes ${short(asset.id)} for ever`;
  },
  'add again': (world, device, action) => {
    const excluded = device.database.rows("SELECT id, local_id FROM item WHERE stage = 'excluded' AND code = 'deleted_from_library' ORDER BY id");
    const item = chosen(excluded, action.x);
    if (!item || !device.ask((engine) => engine.again(Number(item['id'])).ok)) return null;
    world.model.wanted = true;
    return `wants ${String(item['local_id'])} back`;
  },
  'album': (world, device, action) => {
    const albumId = world.chance().hex(32) as AlbumId;
    if (!act(device, { op: 'album.create', albumId, name: `album ${action.salt}` })) return null;
    if (device.lives) world.model.albums.set(albumId, { library: device.account.libraryId, device: device.name });
    return `makes album ${short(albumId)}`;
  },
  'rename album': (_world, device, action) => {
    const album = albumFor(device, action);
    if (!album || !act(device, { op: 'album.rename', albumId: album.id, name: `album ${action.salt}` })) return null;
    return `renames album ${short(album.id)}`;
  },
  'delete album': (world, device, action) => {
    const album = albumFor(device, action);
    if (!album) return null;
    world.model.deletedAlbums.add(album.id);
    act(device, { op: 'album.delete', albumId: album.id });
    return `deletes album ${short(album.id)}`;
  },
  'add to album': (_world, device, action) => {
    const album = albumFor(device, action);
    const assets = shown(device, 'live').slice(0, 1 + (action.x % 3));
    if (!album || assets.length === 0) return null;
    const positions = device.ask((engine) => positionsAfter(engine.albums().find((each) => each.album.id === album.id)?.items ?? [], assets.length)) ?? [];
    const items = assets.flatMap((asset, index) => (positions[index] === undefined ? [] : [{ assetId: asset.id, position: positions[index] }]));
    if (items.length === 0 || !act(device, { op: 'album.add', albumId: album.id, items })) return null;
    return `adds ${items.length} to album ${short(album.id)}`;
  },
  'remove from album': (_world, device, action) => {
    const album = albumFor(device, action);
    const assetId = chosen(album?.items ?? [], action.x);
    if (!album || !assetId || !act(device, { op: 'album.remove', albumId: album.id, assetIds: [assetId], saw: seen(device) })) return null;
    return `takes ${short(assetId)} out of album ${short(album.id)}`;
  },
  'order album': (_world, device, action) => {
    const album = albumFor(device, action);
    const assetId = chosen(album?.items ?? [], action.x);
    const position = device.ask(() => positionBetween(null, null));
    if (!album || !assetId || position === undefined || !act(device, { op: 'album.order', albumId: album.id, assetId, position })) return null;
    return `moves ${short(assetId)} within album ${short(album.id)}`;
  },
};
