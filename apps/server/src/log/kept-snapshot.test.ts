import { Entry, SnapshotPage } from '@everroll/protocol';
import { COLUMNS_TYPE, decodeColumns, PAGE_HEADER } from '@everroll/protocol/columns';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addOf, albumId, fold, newId, Outbox, type Page, photo, plainFields, snapshotPage, store, tail, wholeSnapshot, withoutTombstones } from '../testing/test-library.ts';
import { SnapshotAhead } from './snapshot-ahead.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

let server: TestServer;
let device: TestDevice;
let mine: Outbox;

beforeEach(async () => {
  server = await testServer();
  device = await server.person('a@example.com');
  mine = new Outbox(device);
});
afterEach(async () => await server.closeSound());

const captured = (at: number) => ({ ...plainFields, capture: { at, offsetMinutes: null } });
const ask = async (query: string) => await server.app.request(`/api/v1/libraries/${device.libraryId}/snapshot${query}`, { headers: { authorization: `Bearer ${device.token}`, accept: `${COLUMNS_TYPE}, application/json;q=0.5` } });

async function columnsPage(next: string | null, limit?: number): Promise<Page<SnapshotPage>> {
  const query = [...(next === null ? [] : [`page=${next}`]), ...(limit === undefined ? [] : [`limit=${limit}`])].join('&');
  const response = await ask(query === '' ? '' : `?${query}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, COLUMNS_TYPE]);
  const page = SnapshotPage.omit({ entries: true }).parse(JSON.parse(response.headers.get(PAGE_HEADER) ?? ''));
  return { ...page, entries: decodeColumns(new Uint8Array(await response.arrayBuffer())).map((entry) => Entry.parse(entry)) };
}

async function wholeInColumns(from: Page<SnapshotPage> | null = null): Promise<{ seq: number; entries: Entry[] }> {
  let page = from ?? (await columnsPage(null));
  const entries = [...page.entries];
  while (page.next !== null) {
    page = await columnsPage(page.next);
    entries.push(...page.entries);
  }
  return { seq: page.seq, entries };
}

/** More than the first chunk holds, with some of what rows can have. */
async function fill(count: number): Promise<void> {
  const photos = Array.from({ length: count }, (_, at) => photo(`photo ${at}`));
  await store(server, device, ...photos);
  const adds = photos.map((one, at) => addOf(device, [one], { ...captured(1000 - (at >> 1)), ...(at % 3 === 0 && { place: { latitude: at / 7, longitude: -at / 3, altitude: null } }), caption: at % 5 === 0 ? `Ä ${at}` : null }));
  for (let first = 0; first < adds.length; first += 200) await mine.send(...adds.slice(first, first + 200));
  const album = { op: 'album.create', albumId: albumId(), name: 'Sea' } as const;
  await mine.send(album, { op: 'album.add', albumId: album.albumId, items: adds.slice(0, 9).map(({ assetId }, at) => ({ assetId, position: `a${at}` })) });
}

const assetOf = (entries: readonly Entry[], place: number) => {
  const entry = entries[place];
  if (entry?.kind !== 'asset') throw new Error('no asset there');
  return entry.row;
};

test('C6 a page in columns holds what the page as JSON holds; both go on from each other', async () => {
  await fill(600);
  const asJson = await wholeSnapshot(device, 250);
  expect(await wholeInColumns()).toEqual(asJson);
  // A second reader gets what was kept for the first.
  expect(await wholeInColumns()).toEqual(asJson);
  expect(await server.services.db.selectFrom('snapshot_chunk').select('after').execute()).toHaveLength(2);
  const begun = await snapshotPage(device, null, 70);
  expect([...begun.entries, ...(await wholeInColumns(await columnsPage(begun.next))).entries]).toEqual(asJson.entries);
  const limited = await columnsPage(null, 70);
  expect(limited.entries).toEqual(begun.entries);
});

test('C1 C2 C6 what is kept may be old: with the log after its seq it gives the rows', async () => {
  await fill(560);
  const kept = await wholeInColumns();
  // Moved from a kept chunk to another, changed, deleted for good, and added since.
  const [first, second, third] = [0, 300, 550].map((place) => assetOf(kept.entries, place).id);
  await mine.send({ op: 'asset.set', assetIds: [first!], fields: { capture: { at: -5, offsetMinutes: null } } }, { op: 'asset.set', assetIds: [second!], fields: { caption: 'later' } }, { op: 'asset.trash', assetIds: [third!] });
  await mine.do({ op: 'asset.purge', assetId: third!, saw: 100_000 });
  await mine.adds(server, 'new', captured(5000));
  const again = await wholeInColumns();
  expect(again).toEqual(kept);
  const all = await wholeSnapshot(device, 1000);
  expect(withoutTombstones(await tail(device, again.seq, 100, fold(new Map(), again.entries)))).toEqual(withoutTombstones(fold(new Map(), all.entries)));
});

test('C6 who began later than what is kept gets no older rows', async () => {
  await fill(530);
  await wholeInColumns();
  const id = await mine.adds(server, 'at the end', captured(-9));
  const begun = await snapshotPage(device, null, 512);
  const rest = await wholeInColumns(await columnsPage(begun.next));
  expect([...begun.entries, ...rest.entries]).toEqual((await wholeSnapshot(device, 1000)).entries);
  expect(rest.entries.some((entry) => entry.kind === 'asset' && entry.row.id === id)).toBe(true);
});

test('C6 what lies far behind, or is of another epoch, is made anew', async () => {
  await fill(520);
  const { seq } = await wholeInColumns();
  const { db } = server.services;
  // As if a thousand changes had come: the head is far beyond what was kept.
  await db.updateTable('snapshot').set({ seq: 0 }).execute();
  await db.updateTable('library').set({ head: 2000 }).execute();
  await db.updateTable('asset').set({ seq: 2000 }).where('captured_at', '=', 1000).where('id', '=', assetOf((await wholeSnapshot(device, 1)).entries, 0).id).execute();
  expect((await wholeInColumns()).seq).toBe(2000);
  expect(seq).toBeLessThan(2000);
  const epoch = newId();
  await db.updateTable('snapshot').set({ epoch: epoch as never }).execute();
  expect(await columnsPage(null)).toMatchObject({ epoch: device.epoch, seq: 2000 });
  expect(await db.selectFrom('snapshot').select('epoch').execute()).toEqual([{ epoch: device.epoch }]);
});

test('C6 compressed for who reads that, plain for who does not', async () => {
  await fill(20);
  const headers = { authorization: `Bearer ${device.token}`, accept: COLUMNS_TYPE, 'accept-encoding': 'br, gzip' };
  const packed = await server.app.request(`/api/v1/libraries/${device.libraryId}/snapshot`, { headers });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  const unpacked = await new Response(packed.body?.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
  expect(new Uint8Array(unpacked)).toEqual(new Uint8Array(await (await ask('')).arrayBuffer()));
});

test('C6 once a large library stands still its snapshot is made before anybody asks for it', async () => {
  await fill(560);
  const { id: assetId } = assetOf((await wholeSnapshot(device, 1000)).entries, 0);
  for (let round = 0; round < 3; round += 1) await mine.send(...Array.from({ length: 160 }, (_, at) => ({ op: 'asset.set' as const, assetIds: [assetId], fields: { caption: `${round} ${at}` } })));
  const { db, log } = server.services;
  const chunks = async () => (await db.selectFrom('snapshot_chunk').select('after').execute()).length;
  let now = 1_000_000;
  const ahead = new SnapshotAhead({ db, log, clock: { now: () => now } });
  const stepAfter = async (ms: number): Promise<number> => {
    now += ms;
    await ahead.step();
    return await chunks();
  };
  // Seen, changed meanwhile, seen again, still standing.
  expect(await stepAfter(0)).toBe(0);
  await mine.do({ op: 'asset.set', assetIds: [assetId], fields: { caption: 'again' } });
  expect([await stepAfter(60_000), await stepAfter(1_000)]).toEqual([0, 0]);
  await stepAfter(60_000);
  expect([await stepAfter(1_000), await stepAfter(1_000), await stepAfter(1_000)]).toEqual([1, 2, 2]);
  const [kept] = await db.selectFrom('snapshot').selectAll().execute();
  const asJson = await wholeSnapshot(device, 1000);
  expect(kept?.seq).toBe(asJson.seq);
  expect(await wholeInColumns()).toEqual(asJson);
  // A few changes are read from the log: no other snapshot is made for them.
  await mine.do({ op: 'asset.set', assetIds: [assetId], fields: { caption: 'a last time' } });
  for (const ms of [60_000, 60_000, 60_000, 60_000]) await stepAfter(ms);
  expect(await db.selectFrom('snapshot').selectAll().execute()).toEqual([kept]);
  expect((await wholeInColumns()).seq).toBe(kept?.seq);
});
