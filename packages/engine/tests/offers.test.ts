import { openNodeDriver } from '@everroll/agent';
import type { Album, AlbumId, Asset, AssetId, Epoch, Sha256 } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { writeMeta } from '../src/database/meta.ts';
import { migrate } from '../src/database/schema.ts';
import { observeChanges, observeRollback, observeSnapshot } from '../src/pull/observe.ts';
import { enqueue } from '../src/outbox/outbox.ts';
import { shownAlbum, storeEntry } from '../src/replica/entities.ts';

const epoch = (digit: string): Epoch => digit.repeat(32) as Epoch;
const album = (name: string): Album => ({ id: 'a1'.repeat(16) as AlbumId, name, deleted: false, createdAt: 0 });

test.each([
  ['its own past, as it stood before the first fork, is no news', 1, 'as it was', 'written before the fork'],
  ['what somebody wrote since the first fork is newer', 2, 'written since', 'written since'],
])('C4: an offer that is still to be made, and the server goes back once more: %s', (_, seq, name, offered) => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  writeMeta(driver, 'cursor', { phase: 'log', epoch: epoch('a'), seq: 2, snapshot: 1, incarnations: [] });
  storeEntry(driver, { kind: 'album', row: album('written before the fork') }, 2, 1, 0);
  observeRollback(driver, epoch('b'), 1, 0);
  observeSnapshot(driver, [{ asked: null, page: { epoch: epoch('b'), seq, head: seq, incarnation: null, next: null, entries: [{ kind: 'album', seq, row: album(name) }] } }], 0);
  observeRollback(driver, epoch('c'), 0, 0);
  const offers = driver.prepare("SELECT json_extract(entity, '$.row.name') AS name FROM offer").all();
  expect(offers).toEqual([{ name: offered }]);
});

const asset = (fields: Partial<Asset>): Asset => ({
  id: 'b2'.repeat(16) as AssetId, state: 'live', trashedAt: null, mediaKind: 'photo', primary: 'c3'.repeat(32) as Sha256, addedAt: 0, resources: [], details: null,
  favourite: false, hidden: false, archived: false, caption: null, capture: { at: 0, offsetMinutes: null }, place: null, ...fields,
});

test.each([
  ['a device that only added it again says nothing against it', {}, 'of the first epoch'],
  ['what somebody wrote since the first fork is newer', { caption: 'written since' }, 'written since'],
  ['as is what somebody deleted since', { state: 'trashed', trashedAt: 5 }, null],
] as const)('C4: an offered photo whose bytes are still to come, and the server goes back once more: %s', (_, since, offered) => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  writeMeta(driver, 'cursor', { phase: 'log', epoch: epoch('a'), seq: 2, snapshot: 1, incarnations: [] });
  storeEntry(driver, { kind: 'asset', row: asset({ caption: 'of the first epoch' }) }, 2, 1, 0);
  observeRollback(driver, epoch('b'), 0, 0);
  observeSnapshot(driver, [{ asked: null, page: { epoch: epoch('b'), seq: 1, head: 1, incarnation: null, next: null, entries: [{ kind: 'asset', seq: 1, row: asset(since) }] } }], 0);
  observeRollback(driver, epoch('c'), 0, 0);
  expect(driver.prepare("SELECT json_extract(entity, '$.row.caption') AS caption FROM offer").all()).toEqual([{ caption: offered }]);
});

test('M4: a change is kept until its row is here: one that was changed again since stands further on in the log', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  const random = { id: () => 'd4'.repeat(16), fraction: () => 0 };
  writeMeta(driver, 'cursor', { phase: 'log', epoch: epoch('a'), seq: 0, snapshot: 1, incarnations: [] });
  enqueue(driver, { op: 'album.create', albumId: album('').id, name: 'June' }, 0, random);
  enqueue(driver, { op: 'album.rename', albumId: album('').id, name: 'July' }, 0, random);
  driver.exec('UPDATE outbox SET seq = number');
  const kept = (): unknown[] => driver.prepare('SELECT number FROM outbox').all().map((row) => row['number']);
  // The album has moved from place 1 to place 2, so nothing stands there any more.
  observeChanges(driver, { epoch: epoch('a'), from: 0, to: 1, head: 2, incarnation: null, entries: [] }, [], 0);
  expect(kept()).toEqual([1, 2]);
  expect(shownAlbum(driver, album('').id)?.name).toBe('July');
  observeChanges(driver, { epoch: epoch('a'), from: 1, to: 2, head: 2, incarnation: null, entries: [{ kind: 'album', seq: 2, row: album('July') }] }, [], 0);
  expect(kept()).toEqual([]);
});

test('C4: an offer, and an original that was not found, wait no longer when the log brings the photo', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  const photo = asset({ resources: [{ role: 'photo', sha256: 'c3'.repeat(32) as Sha256, bytes: 5, mediaType: 'image/jpeg', name: 'one.jpg' }] });
  writeMeta(driver, 'cursor', { phase: 'log', epoch: epoch('a'), seq: 1, snapshot: 1, incarnations: [] });
  storeEntry(driver, { kind: 'asset', row: photo }, 1, 1, 0);
  observeRollback(driver, epoch('b'), 0, 0);
  observeSnapshot(driver, [{ asked: null, page: { epoch: epoch('b'), seq: 0, head: 0, incarnation: null, next: null, entries: [] } }], 0);
  driver.exec("UPDATE offer SET attempts = 9, next_at = 86400000; UPDATE original SET attempts = 9, next_at = 86400000, code = 'not_found'");
  observeChanges(driver, { epoch: epoch('b'), from: 0, to: 1, head: 1, incarnation: null, entries: [{ kind: 'asset', seq: 1, row: photo }] }, [], 0);
  expect(driver.prepare('SELECT next_at FROM offer UNION ALL SELECT next_at FROM original').all()).toEqual([{ next_at: 0 }, { next_at: 0 }]);
});

test('C4: a row is offered with the generation in which it was written, not with that of the epoch that was lost', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  const albums = ['1', '2', '3'].map((digit, at) => ({ kind: 'album', seq: [4, 8, 9][at], row: { ...album(digit), id: digit.repeat(32) } }));
  const forks = [{ generation: 2, from: 5 }, { generation: 4, from: 8 }];
  observeSnapshot(driver, [{ asked: null, page: { epoch: epoch('a'), seq: 9, head: 9, incarnation: null, forks, next: null, entries: albums } }], 0);
  observeRollback(driver, epoch('b'), 0, 0);
  expect(driver.prepare("SELECT json_extract(entity, '$.row.name') AS name, generation, seq FROM offer ORDER BY name").all()).toEqual([
    { name: '1', generation: 0, seq: 4 },
    { name: '2', generation: 2, seq: 8 },
    { name: '3', generation: 4, seq: 9 },
  ]);
  // What is read of the next epoch, which forked before all of them, is of its own generation.
  observeSnapshot(driver, [{ asked: null, page: { epoch: epoch('b'), seq: 1, head: 1, incarnation: null, forks: [{ generation: 5, from: 0 }], next: null, entries: [{ ...albums[0], seq: 1 }] } }], 0);
  observeRollback(driver, epoch('c'), 0, 0);
  expect(driver.prepare("SELECT generation, seq FROM offer WHERE key = ?").get(`album:${'1'.repeat(32)}`)).toEqual({ generation: 5, seq: 1 });
});
