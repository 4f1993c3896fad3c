import { type AlbumId, type AssetId, type Entry, type MutationsResponse, type Operation } from '@everroll/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addOf, fold, Outbox, pageOf, photo, snapshotPage, store, tail, withoutTombstones } from '../testing/test-library.ts';
import { type TestDevice, testServer } from '../testing/test-server.ts';

/** Few of each, so that devices meet on the same rows. */
const PHOTOS = ['p0', 'p1', 'p2', 'p3', 'p4'].map((name) => photo(name));
const ALBUMS = ['a', 'b'].map((digit) => digit.repeat(32) as AlbumId);

type Step = { readonly device: number; readonly make: (w: World) => Operation };
interface World {
  readonly device: TestDevice;
  readonly ids: readonly AssetId[];
  /** Some cursor that a device may have seen. */
  readonly saw: number;
}

const photoNumber = fc.nat(PHOTOS.length - 1);
const photoNumbers = fc.uniqueArray(photoNumber, { minLength: 1, maxLength: 4 });
const albumNumber = fc.nat(ALBUMS.length - 1);
const position = fc.constantFrom('a', 'B', 'c');

const operation: fc.Arbitrary<(w: World) => Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(photoNumber, fc.boolean()).map(([n, again]) => (w: World) => addOf(w.device, [PHOTOS[n]!], { capture: { at: n % 3, offsetMinutes: null } }, again)) },
  fc.tuple(photoNumbers, fc.nat(3)).map(([ns, at]) => (w: World) => ({ op: 'asset.set', assetIds: ns.map((n) => w.ids[n]!), fields: { caption: `${at}`, capture: { at, offsetMinutes: null } } }) as const),
  photoNumbers.map((ns) => (w: World) => ({ op: 'asset.trash', assetIds: ns.map((n) => w.ids[n]!) }) as const),
  photoNumbers.map((ns) => (w: World) => ({ op: 'asset.recover', assetIds: ns.map((n) => w.ids[n]!) }) as const),
  photoNumber.map((n) => (w: World) => ({ op: 'asset.purge', assetId: w.ids[n]!, saw: w.saw }) as const),
  albumNumber.map((n) => () => ({ op: 'album.create', albumId: ALBUMS[n]!, name: 'album' }) as const),
  fc.tuple(albumNumber, fc.nat(9)).map(([n, name]) => () => ({ op: 'album.rename', albumId: ALBUMS[n]!, name: `${name}` }) as const),
  { weight: 2, arbitrary: fc.tuple(albumNumber, photoNumbers, position).map(([n, ns, p]) => (w: World) => ({ op: 'album.add', albumId: ALBUMS[n]!, items: ns.map((m) => ({ assetId: w.ids[m]!, position: p })) }) as const) },
  fc.tuple(albumNumber, photoNumbers).map(([n, ns]) => (w: World) => ({ op: 'album.remove', albumId: ALBUMS[n]!, assetIds: ns.map((m) => w.ids[m]!), saw: w.saw }) as const),
  fc.tuple(albumNumber, photoNumber, position).map(([n, m, p]) => (w: World) => ({ op: 'album.order', albumId: ALBUMS[n]!, assetId: w.ids[m]!, position: p }) as const),
);
const steps: fc.Arbitrary<Step[]> = fc.array(fc.record({ device: fc.nat(2), make: operation }), { minLength: 1, maxLength: 30 });

const RUNS = { numRuns: 60 };

async function newWorld() {
  const server = await testServer();
  const device = await server.person('a@example.com');
  await store(server, device, ...PHOTOS);
  const outboxes = [new Outbox(device), new Outbox(await device.another('two')), new Outbox(await device.another('three'))];
  const ids = PHOTOS.map((resource) => addOf(device, [resource]).assetId);
  return { server, device, outboxes, ids };
}

describe('the log as a whole', () => {
  test('I8 I9 folding the pages gives the rows, whatever their size; a snapshot at c and the tail give them too', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 4 }), async (script, limit, snapshotLimit) => {
        const { server, device, outboxes, ids } = await newWorld();
        // Something to change from the first step on.
        await outboxes[0]!.send(...PHOTOS.map((resource) => addOf(device, [resource])), ...ALBUMS.map((albumId) => ({ op: 'album.create', albumId, name: 'album' }) as const));
        // A reader that began its snapshot in the middle and takes a page of it after every step.
        const read = new Map<string, Entry>();
        let next: string | null = null;
        let seq = 0;
        const begin = Math.floor(script.length / 4);
        // Another that pulls the log while it grows.
        const pulled = new Map<string, Entry>();
        let cursor = 0;
        for (const [place, step] of script.entries()) {
          server.clock.time += 1;
          const { head } = await pageOf(device, 0, 1);
          await outboxes[step.device]!.do(step.make({ device, ids, saw: Math.max(0, head - (place % 4)) }));
          if (place === begin || next !== null) {
            const page: Awaited<ReturnType<typeof snapshotPage>> = await snapshotPage(device, next, snapshotLimit);
            if (place === begin) ({ seq } = page);
            fold(read, page.entries);
            ({ next } = page);
          }
          if (place % 2 === 0) {
            const page = await pageOf(device, cursor, limit);
            fold(pulled, page.entries);
            cursor = page.to;
          }
        }
        while (next !== null) {
          const page = await snapshotPage(device, next, snapshotLimit);
          fold(read, page.entries);
          ({ next } = page);
        }

        const rows = fold(new Map(), (await pageOf(device, 0, 5000)).entries);
        expect(await tail(device, 0, limit)).toEqual(rows);
        expect(await tail(device, cursor, limit, pulled)).toEqual(rows);
        expect(withoutTombstones(await tail(device, seq, limit, read))).toEqual(withoutTombstones(rows));

        // I9: whoever reads page by page sees every operation whole.
        const whole = Map.groupBy(rows.values(), (entry) => entry.seq);
        for (let at = 0, head = 1; at < head; ) {
          const page = await pageOf(device, at, limit);
          for (const [entrySeq, entries] of Map.groupBy(page.entries, (entry) => entry.seq)) {
            expect(entrySeq).toBeGreaterThan(page.from);
            expect(entrySeq).toBeLessThanOrEqual(page.to);
            expect(entries).toHaveLength(whole.get(entrySeq)!.length);
          }
          ({ to: at, head } = page);
        }
        await accountsAddUp(server);
        await server.close();
      }),
      RUNS,
    );
  });

  test('I5 requests that are repeated, cut, overlapping or late have the effect of each mutation once', async () => {
    const deliveries = fc.array(fc.record({ from: fc.nat(12), count: fc.integer({ min: 0, max: 6 }), acknowledge: fc.boolean() }), { minLength: 5, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 3, maxLength: 12 }), deliveries, async (operations, sendings) => {
        const { server, device, outboxes, ids } = await newWorld();
        const once = await newWorld();
        const outbox = outboxes[0]!;
        const queue = operations.map((make) => outbox.number(make({ device, ids, saw: 99 })));
        let applied = 0;
        const results = new Map<number, unknown>();
        for (const { from, count, acknowledge } of [...sendings, { from: 0, count: 99, acknowledge: false }]) {
          const start = from === 0 && count === 99 ? Math.min(applied, queue.length) : from;
          const response = await outbox.post(queue.slice(start, start + count), acknowledge ? Math.floor(applied / 2) : 0);
          const answer = (await response.json()) as Partial<MutationsResponse> & { code?: string };
          // Beyond the next number, or a result that was acknowledged: nothing happened.
          expect([undefined, 'mutation_gap', 'duplicate_device_identity']).toContain(answer.code);
          applied = answer.lastNumber ?? applied;
          for (const result of answer.results ?? []) {
            expect(result).toEqual(results.get(result.number) ?? result);
            results.set(result.number, result);
          }
        }
        expect(applied).toBe(queue.length);
        await accountsAddUp(server);

        // The same operations, each sent once to a library of its own, leave the same.
        for (const make of operations) await once.outboxes[0]!.do(make({ device: once.device, ids: once.ids, saw: 99 }));
        expect(inWords(await tail(device, 0), ids)).toEqual(inWords(await tail(once.device, 0), once.ids));
        await server.close();
        await once.server.close();
      }),
      RUNS,
    );
  });
});

/** Rows of two libraries, comparable: an asset is called by its place, since its id is its library's. */
function inWords(rows: ReadonlyMap<string, Entry>, ids: readonly AssetId[]): string[] {
  const texts = rows.values().map((entry) => ids.reduce((text, id, place) => text.replaceAll(id, `asset ${place}`), JSON.stringify(entry)));
  return [...texts].toSorted((a, b) => a.localeCompare(b));
}

/** I2, I3: what assets name is held, and the counter equals the sum. */
async function accountsAddUp(server: Awaited<ReturnType<typeof testServer>>): Promise<void> {
  const { db } = server.services;
  const { used_bytes: used } = await db.selectFrom('account').select('used_bytes').executeTakeFirstOrThrow();
  const resources = await db.selectFrom('resource').selectAll().execute();
  expect(used).toBe(resources.reduce((sum, resource) => sum + resource.bytes, 0));
  const held = new Set(resources.map((resource) => resource.sha256));
  for (const { sha256 } of await db.selectFrom('asset_resource').select('sha256').execute()) expect(held).toContain(sha256);
  const purged = await db.selectFrom('asset').select('id').where('state', '=', 'purged').execute();
  const listed = new Set((await db.selectFrom('asset_resource').select('asset_id').execute()).map((row) => row.asset_id));
  for (const { id } of purged) expect(listed).not.toContain(id);
}
