import type { AlbumId, Asset, AssetId } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { type Library, merge } from './merge.ts';

const id = (digit: string): AssetId => digit.repeat(32) as AssetId;
const [summer, best] = ['1'.repeat(32) as AlbumId, '2'.repeat(32) as AlbumId];
const asset = (digit: string, some: Partial<Asset> = {}): Asset =>
  ({ id: id(digit), state: 'live', favourite: false, hidden: false, archived: false, caption: null, capture: { at: 0, offsetMinutes: null }, place: null, ...some }) as Asset;

function library(assets: readonly Asset[], albums: Readonly<Record<string, readonly AlbumId[]>> = {}): Library {
  return { asset: (wanted) => assets.find((each) => each.id === wanted), albumsWith: (wanted) => albums[wanted] ?? [], position: () => 'a5', seen: 7 };
}

test('what people said of the copies goes over to the one that stays; the others go to Recently Deleted', () => {
  const place = { latitude: 1, longitude: 2, altitude: null };
  const of = library([asset('a', { caption: 'mine', archived: true }), asset('b', { favourite: true, caption: 'theirs', place }), asset('c', { caption: 'mine', archived: true })], { [id('b')]: [summer], [id('c')]: [summer, best], [id('a')]: [best] });
  const { operations, count } = merge(of, id('a'), [id('a'), id('b'), id('c')]);
  expect(operations).toEqual([
    { op: 'asset.set', assetIds: [id('a')], fields: { favourite: true, archived: false, caption: 'mine\ntheirs', place } },
    { op: 'album.add', albumId: summer, items: [{ assetId: id('a'), position: 'a5' }] },
    { op: 'asset.trash', assetIds: [id('b'), id('c')] },
  ]);
  expect(count).toBe(2);
});

test('undone, everything is as it was', () => {
  const { undo } = merge(library([asset('a'), asset('b', { favourite: true })], { [id('b')]: [summer] }), id('a'), [id('b')]);
  expect(undo).toEqual([
    { op: 'asset.recover', assetIds: [id('b')] },
    { op: 'album.remove', albumId: summer, assetIds: [id('a')], saw: 7 },
    { op: 'asset.set', assetIds: [id('a')], fields: { favourite: false } },
  ]);
});

test('what was deleted meanwhile is passed over', () => {
  expect(merge(library([asset('a'), asset('b', { state: 'trashed' })]), id('a'), [id('b'), id('c')]).count).toBe(0);
  expect(merge(library([asset('a', { state: 'trashed' }), asset('b')]), id('a'), [id('b')]).operations).toEqual([]);
});
