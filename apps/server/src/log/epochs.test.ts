import type { Asset, Entry, Incarnation, MutationsResponse, Problem } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addOf, albumId, newId, Outbox, pageOf, photo, plainFields, snapshotPage, store, tail } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';
import { beginEpoch, lastForkAt } from './epochs.ts';

let server: TestServer;
let device: TestDevice;
let mine: Outbox;
let theirs: Outbox;

beforeEach(async () => {
  server = await testServer();
  device = await server.person('a@example.com');
  mine = new Outbox(device);
  theirs = new Outbox(await device.another('second'));
});
afterEach(async () => await server.closeSound());

const album = (name: string) => ({ op: 'album.create', albumId: albumId(), name }) as const;
const get = async (path: string) => await device.request('GET', `/api/v1/libraries/${device.libraryId}${path}`);

const forkOf = async (epoch: string) => ((await (await get(`/changes?epoch=${epoch}&after=0`)).json()) as Problem).forkedAt;
/** As a backup that is older by the changes after `seq` leaves the tables. */
const restoreTo = async (seq: number) => {
  for (const table of ['asset', 'album', 'album_item'] as const) await server.services.db.deleteFrom(table).where('seq', '>', seq).execute();
  await server.services.db.updateTable('library').set({ head: seq }).execute();
};
const begin = async () => await server.services.db.transaction().execute(async (trx) => await beginEpoch(trx, server.services.random, device.libraryId, server.clock.time));
const offer = (entry: Entry) => ({ op: 'offer', seq: entry.seq, entity: { kind: entry.kind, row: entry.row } }) as never;

describe('epochs', () => {
  test('C3 C4 a cursor beyond the head begins a new epoch, once, and says where the old one broke off', async () => {
    for (const name of ['a', 'b', 'c']) await mine.do(album(name));
    await restoreTo(1);
    const answers = await Promise.all([get(`/changes?epoch=${device.epoch}&after=3`), get(`/changes?epoch=${device.epoch}&after=2`)]);
    const problems = (await Promise.all(answers.map(async (answer) => await answer.json()))) as Problem[];
    expect(answers.map((answer) => answer.status)).toEqual([409, 409]);
    expect(problems[0]).toMatchObject({ code: 'server_rolled_back', forkedAt: 1 });
    expect(problems[1]).toEqual(problems[0]);
    const { epoch } = await server.services.db.selectFrom('library').select('epoch').executeTakeFirstOrThrow();
    expect(problems[0]!.epoch).toBe(epoch);
    expect(await pageOf(device, 1, 10, epoch)).toMatchObject({ from: 1, to: 1, head: 1 });
  });

  test('C4 every route that takes a cursor answers another epoch so', async () => {
    await mine.do(album('a'));
    await mine.adds(server, 'one');
    const { next } = await snapshotPage(device, null, 1);
    await begin();
    const answers = [await get(`/changes?epoch=${device.epoch}&after=0`), await get(`/snapshot?page=${next}`), await mine.post([mine.number(album('b'))])];
    for (const answer of answers) {
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: 'server_rolled_back', forkedAt: 2 });
    }
  });

  test('C3 after several epochs the least fork holds; an unknown epoch offers everything', async () => {
    await mine.do(album('a'));
    await mine.do(album('b'));
    await begin();
    await restoreTo(1);
    const second = (await begin()).epoch;
    expect(await forkOf(device.epoch)).toBe(1);
    await begin();
    expect(await forkOf(second)).toBe(1);
    expect(await forkOf(newId())).toBe(0);
  });

  describe('C3 incarnations', () => {
    const [known, lost] = [newId() as Incarnation, newId() as Incarnation];
    beforeEach(async () => {
      for (const name of ['a', 'b', 'c']) await mine.do(album(name));
      await server.services.db.deleteFrom('incarnation').execute();
      await server.services.db.insertInto('incarnation').values({ library_id: device.libraryId, from_seq: 0, incarnation: known }).execute();
    });
    const shown = async (query: string): Promise<unknown> => {
      const answer = await get(`/changes?epoch=${device.epoch}&${query}`);
      return answer.status === 409 ? ((await answer.json()) as Problem).forkedAt : answer.status;
    };

    test('C3 a device shows which it read, and each how far', async () => {
      expect(await shown(`after=3&incarnations=${known}&read=3`)).toBe(200);
      expect(await shown(`after=2&incarnations=${known},${lost}&read=1,2`)).toBe(1);
    });

    test('C3 one of an earlier version names them alone: it read none further than its cursor', async () => {
      expect(await shown(`after=3&incarnations=${known}`)).toBe(200);
      expect(await shown(`after=2&incarnations=${known},${lost}`)).toBe(2);
    });

    test('C3 of several places that it was told of beyond its cursor each counts, and none speaks for an earlier one', async () => {
      await server.services.db.insertInto('incarnation').values({ library_id: device.libraryId, from_seq: 2, incarnation: lost }).execute();
      expect(await shown(`after=1&incarnations=${known}&read=1&told=2:${known}&answered=3:${lost}`)).toBe(200);
      expect(await shown(`after=1&incarnations=${known}&read=1&told=3:${known}&answered=3:${lost}`)).toBe(2);
    });

    test('C3 the answer to what was sent again names who wrote it, whoever wrote more since', async () => {
      const sent = mine.number(album('d'));
      const first = (await (await mine.post([sent])).json()) as MutationsResponse;
      await server.services.db.insertInto('incarnation').values({ library_id: device.libraryId, from_seq: 4, incarnation: lost }).execute();
      await theirs.do(album('e'));
      expect(await (await mine.post([sent])).json()).toMatchObject({ results: first.results, incarnation: known });
    });

    test('C3 a snapshot that goes on was read up to the head of its last page', async () => {
      const next = async (after: string | null) => (await snapshotPage(device, after, 1)).next!;
      const page = await next(await next(null));
      expect(await (await get(`/snapshot?page=${page}&limit=1`)).json()).toMatchObject({ seq: 3, head: 3, next: null });
      await server.services.db.insertInto('incarnation').values({ library_id: device.libraryId, from_seq: 2, incarnation: lost }).execute();
      expect(await (await get(`/snapshot?page=${page}&limit=1`)).json()).toMatchObject({ code: 'server_rolled_back', forkedAt: 2 });
    });

    test('C3 its last page tells who wrote the head, where that lies beyond its place', async () => {
      const first = await snapshotPage(device, null, 2);
      expect(first).not.toHaveProperty('headIncarnation');
      await mine.do(album('d'));
      expect(await snapshotPage(device, first.next, 9)).toMatchObject({ seq: 3, head: 4, headIncarnation: known });
    });

    test('C3 a place that it was told of late, when it had read over it: it is of this history, or what it read before it is', async () => {
      await server.services.db.insertInto('incarnation').values({ library_id: device.libraryId, from_seq: 1, incarnation: lost }).execute();
      expect(await shown(`after=3&incarnations=${known},${lost}&read=1,3&answered=2:${lost}`)).toBe(200);
      expect(await shown(`after=3&incarnations=${known},${lost}&read=1,3&answered=2:${known}`)).toBe(1);
    });

    test('C3 C4 a server was put back by hand, and then restored by the command: the histories part where they did the first time', async () => {
      await server.services.db.insertInto('incarnation').values({ library_id: device.libraryId, from_seq: 1, incarnation: newId() as Incarnation }).execute();
      await begin();
      expect(await shown(`after=2&incarnations=${known},${lost}&read=1,2`)).toBe(1);
      expect(await shown(`after=1&incarnations=${known}&read=1&answered=2:${lost}`)).toBe(1);
      // Of what it read beyond the fork nothing here tells; up to there nothing contradicts.
      expect(await shown(`after=9&incarnations=${known},${lost}&read=1,9`)).toBe(3);
      expect(await shown(`after=1&incarnations=${known}&read=1`)).toBe(3);
    });

    test('C3 what it read is lost, though an answer that it got since is of this history', async () => {
      expect(await shown(`after=1&incarnations=${lost}&read=1&answered=1:${known}`)).toBe(0);
    });
  });

  describe('C4 generations', () => {
    test('C4 a page tells where they began; what a fork further back took away is told no more', async () => {
      for (const name of ['a', 'b', 'c']) await mine.do(album(name));
      const { epoch: second } = await begin();
      expect(await pageOf(device, 3, 10, second)).toMatchObject({ forks: [{ generation: 1, from: 3 }] });
      expect(await snapshotPage(device, null, 10)).toMatchObject({ forks: [{ generation: 1, from: 3 }] });
      await restoreTo(2);
      const { epoch: third } = await begin();
      expect(await pageOf(device, 2, 10, third)).toMatchObject({ forks: [{ generation: 2, from: 2 }] });
      for (const one of [mine, theirs]) one.epoch = third;
      await theirs.do(album('d'));
      const { epoch: fourth } = await begin();
      expect(await pageOf(device, 3, 10, fourth)).toMatchObject({ forks: [{ generation: 2, from: 2 }, { generation: 3, from: 3 }] });
    });

    test('C4 a library that was never restored tells of none', async () => {
      await mine.do(album('a'));
      expect(await pageOf(device, 0)).not.toHaveProperty('forks');
      expect(await snapshotPage(device, null, 1)).not.toHaveProperty('forks');
    });

    test('C4 an epoch that a device shows and this database never had came before the present one', async () => {
      await mine.do(album('a'));
      const present = async () => await server.services.db.selectFrom('epoch').innerJoin('library', 'library.epoch', 'epoch.epoch').select(['epoch.generation', 'epoch.epoch']).executeTakeFirstOrThrow();
      const lost = newId();
      expect(await (await get(`/changes?epoch=${lost}&after=1`)).json()).toMatchObject({ code: 'server_rolled_back' });
      const begun = await present();
      expect(begun.generation).toBe(1);
      // Another device of it is the first to say how many there had been.
      expect(await (await get(`/changes?epoch=${lost}&after=1&generation=4`)).json()).toMatchObject({ code: 'server_rolled_back', epoch: begun.epoch });
      expect(await present()).toEqual({ ...begun, generation: 5 });
      await get(`/changes?epoch=${newId()}&after=1&generation=7`);
      expect((await present()).generation).toBe(8);
      // Whatever somebody makes up, there is a next one.
      for (const last of ['9999999999999999', '9007199254740991']) await get(`/changes?epoch=${newId()}&after=1&generation=${last}`);
      expect((await present()).generation).toBe(1e12 + 2);
    });
  });

  test('C5 the time of the last fork is known', async () => {
    expect(await lastForkAt(server.services.db, device.libraryId)).toBeNull();
    server.clock.time += 5;
    await begin();
    expect(await lastForkAt(server.services.db, device.libraryId)).toBe(server.clock.time);
  });

  describe('C4 offers', () => {
    let id: Asset['id'];
    let epoch: string;
    beforeEach(async () => {
      id = await mine.adds(server, 'one');
      await mine.do(album('kept'));
      epoch = (await begin()).epoch;
      mine.epoch = epoch;
      theirs.epoch = epoch;
    });
    const row = async () => (await tail(device, 0, 100, new Map(), epoch)).get(`asset:${id}`)! as Entry & { kind: 'asset' };

    test('C4 a row that the server lost is taken', async () => {
      const lost = photo('lost');
      await store(server, device, lost);
      const asset = { ...plainFields, id: addOf(device, [lost]).assetId, primary: lost.sha256, state: 'live', trashedAt: null, mediaKind: 'photo', addedAt: 1, resources: [lost], details: null } as Asset;
      expect(await mine.do(offer({ kind: 'asset', seq: 7, row: asset }))).toBe(3);
      expect((await pageOf(device, 2, 10, epoch)).entries).toEqual([{ kind: 'asset', seq: 3, row: asset }]);
    });

    test('C4 A3 not before its bytes are there', async () => {
      const held = (await row()).row;
      const lost = photo('lost');
      const asset = { ...held, id: addOf(device, [lost]).assetId, primary: lost.sha256, resources: [lost] };
      expect(await mine.do(offer({ kind: 'asset', seq: 7, row: asset }))).toBe('resource_missing');
    });

    test('C4 a row that has not changed since the fork is replaced, one that has is kept', async () => {
      const held = (await row()).row;
      expect(await mine.do(offer({ kind: 'asset', seq: 5, row: { ...held, caption: 'lost' } }))).toBe(3);
      expect((await row()).row.caption).toBe('lost');
      await theirs.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'newer' } });
      await mine.do(offer({ kind: 'asset', seq: 9, row: { ...held, caption: 'lost too' } }));
      expect((await row()).row.caption).toBe('newer');
    });

    test.each([
      [5, 6],
      [6, 5],
    ])('C4 of two offers the later of the lost epoch holds, in whichever order (%i, %i)', async (first, second) => {
      const held = (await row()).row;
      await mine.do(offer({ kind: 'asset', seq: first, row: { ...held, caption: `at ${first}` } }));
      await theirs.do(offer({ kind: 'asset', seq: second, row: { ...held, caption: `at ${second}` } }));
      expect((await row()).row.caption).toBe('at 6');
    });

    test.each([
      [{ generation: 1, seq: 5 }, { generation: 0, seq: 9 }],
      [{ generation: 0, seq: 9 }, { generation: 1, seq: 5 }],
    ])('C4 of offers from two lost epochs the one of the later generation holds, whatever their places in them, in whichever order (%j, %j)', async (...places) => {
      const held = (await row()).row;
      for (const [at, place] of places.entries()) await [mine, theirs][at]!.do({ ...(offer({ kind: 'asset', seq: place.seq, row: { ...held, caption: `generation ${place.generation}` } }) as object), generation: place.generation } as never);
      expect((await row()).row.caption).toBe('generation 1');
    });

    test.each([
      [0, 1],
      [1, 0],
    ])('C4 of two lost histories neither knew the other: the later row keeps a caption that only the earlier one has, whichever comes first (%i, %i)', async (...generations) => {
      const held = (await row()).row;
      const rows = [{ ...held, caption: 'of the first' }, { ...held, favourite: true }];
      for (const [at, generation] of generations.entries()) await [mine, theirs][at]!.do({ ...(offer({ kind: 'asset', seq: 9 - generation, row: rows[generation]! }) as object), generation } as never);
      expect((await row()).row).toMatchObject({ caption: 'of the first', favourite: true });
      // In one history the later row knew the earlier one: that it has no caption was somebody's wish.
      await mine.do({ ...(offer({ kind: 'asset', seq: 12, row: held }) as object), generation: 1 } as never);
      expect((await row()).row).toMatchObject({ caption: null, favourite: false });
    });

    test('C4 a server put back by hand goes on in its generation: of two rows at the same place neither knew the other', async () => {
      const held = (await row()).row;
      await mine.do({ ...(offer({ kind: 'asset', seq: 5, row: { ...held, favourite: true } }) as object), generation: 1 } as never);
      await theirs.do({ ...(offer({ kind: 'asset', seq: 5, row: { ...held, caption: 'of the other' } }) as object), generation: 1 } as never);
      expect((await row()).row).toMatchObject({ caption: 'of the other', favourite: true });
      await theirs.do({ ...(offer({ kind: 'asset', seq: 4, row: { ...held, caption: 'before both' } }) as object), generation: 1 } as never);
      expect((await row()).row).toMatchObject({ caption: 'of the other' });
    });

    test('C4 a row that was changed since an earlier fork takes what it lacks from a history that was lost there, and nothing from its own', async () => {
      const held = (await row()).row;
      await theirs.do({ op: 'asset.set', assetIds: [id], fields: { favourite: true } });
      epoch = mine.epoch = (await begin()).epoch;
      await mine.do({ ...(offer({ kind: 'asset', seq: 2, row: { ...held, caption: 'before both' } }) as object), generation: 0 } as never);
      expect((await row()).row).toMatchObject({ caption: null, favourite: true });
      await mine.do({ ...(offer({ kind: 'asset', seq: 3, row: { ...held, caption: 'of the lost one' } }) as object), generation: 0 } as never);
      expect((await row()).row).toMatchObject({ caption: 'of the lost one', favourite: true });
    });

    test('C4 a row of this history counts in the generation in which it was written; an offer that names none by its place alone', async () => {
      const held = (await row()).row;
      await theirs.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'of the second' } });
      mine.epoch = (await begin()).epoch;
      await mine.do({ ...(offer({ kind: 'asset', seq: 8, row: { ...held, caption: 'of the first' } }) as object), generation: 0 } as never);
      const now = async () => ((await tail(device, 0, 100, new Map(), mine.epoch)).get(`asset:${id}`) as Entry & { kind: 'asset' }).row.caption;
      expect(await now()).toBe('of the second');
      await mine.do(offer({ kind: 'asset', seq: 8, row: { ...held, caption: 'of an earlier version' } }));
      expect(await now()).toBe('of an earlier version');
    });

    describe('a photo that a device adds since the fork, before those who knew it offer it', () => {
      const lost = photo('lost');
      const video = { ...photo('its video'), role: 'paired_video' as const };
      let known: Asset;
      let addition: ReturnType<typeof addOf>;
      beforeEach(async () => {
        for (const resource of [lost, video]) await store(server, device, resource);
        addition = addOf(device, [lost]);
        known = { ...plainFields, id: addition.assetId, primary: lost.sha256, state: 'live', trashedAt: null, mediaKind: 'photo', addedAt: 1, resources: [lost], details: null, caption: 'of the lost epoch' };
      });
      const now = async () => ((await tail(device, 0, 100, new Map(), epoch)).get(`asset:${addition.assetId}`) as (Entry & { kind: 'asset' }) | undefined)?.row;

      test('C4 gives way to what people had made of it: an addition is nobody\'s edit', async () => {
        await theirs.do(addition);
        await mine.do(offer({ kind: 'asset', seq: 7, row: known }));
        expect(await now()).toMatchObject({ caption: 'of the lost epoch' });
      });

      test('C4 not once a person has changed it', async () => {
        await theirs.do(addition);
        await theirs.do({ op: 'asset.set', assetIds: [addition.assetId], fields: { caption: 'newer' } });
        await mine.do(offer({ kind: 'asset', seq: 7, row: known }));
        expect(await now()).toMatchObject({ caption: 'newer' });
      });

      test('C4 but for a caption where it has none: who deleted it said nothing of that', async () => {
        await theirs.do(addition);
        await theirs.do({ op: 'asset.trash', assetIds: [addition.assetId] });
        await mine.do(offer({ kind: 'asset', seq: 7, row: known }));
        expect(await now()).toMatchObject({ caption: 'of the lost epoch', state: 'trashed' });
      });

      test('C4 keeps the files that came with it', async () => {
        await theirs.do(addOf(device, [lost, video]));
        await mine.do(offer({ kind: 'asset', seq: 7, row: known }));
        expect(await now()).toMatchObject({ caption: 'of the lost epoch', resources: [{ sha256: lost.sha256 }, { sha256: video.sha256, role: 'paired_video' }], mediaKind: 'live_photo' });
      });

      test('C4 nor does a file that is added to it hide an offer, and of two offers the later still holds', async () => {
        await mine.do(offer({ kind: 'asset', seq: 7, row: known }));
        await theirs.do(addOf(device, [lost, video]));
        await mine.do(offer({ kind: 'asset', seq: 6, row: { ...known, caption: 'earlier' } }));
        expect(await now()).toMatchObject({ caption: 'of the lost epoch', resources: [{ sha256: lost.sha256 }, { sha256: video.sha256 }] });
        await mine.do(offer({ kind: 'asset', seq: 8, row: { ...known, caption: 'later' } }));
        await mine.do(offer({ kind: 'asset', seq: 9, row: { ...known, state: 'trashed', trashedAt: 5 } }));
        await mine.do(offer({ kind: 'asset', seq: 10, row: { ...known, caption: 'recovered' } }));
        expect(await now()).toMatchObject({ caption: 'recovered', state: 'live', resources: [{ sha256: lost.sha256 }, { sha256: video.sha256 }] });
      });

      test.each([
        [false, 'trashed'],
        [true, 'live'],
      ])('C4 lies in Recently Deleted as it had, unless a person wants it back (%s)', async (again, state) => {
        await theirs.do({ ...addition, again });
        await mine.do(offer({ kind: 'asset', seq: 7, row: { ...known, state: 'trashed', trashedAt: 5 } }));
        expect(await now()).toMatchObject({ state });
      });

      test('C4 A7 does not end as a part of an asset that is not there', async () => {
        await theirs.do(addition);
        const whole = addOf(device, [photo('holder')]);
        await mine.do(offer({ kind: 'asset', seq: 7, row: { ...known, state: 'purged', resources: [], joinedTo: whole.assetId } }));
        expect(await now()).toMatchObject({ state: 'live', resources: [{ sha256: lost.sha256 }] });
      });
    });

    test('C4 what was committed before the fork changes nothing', async () => {
      const held = (await row()).row;
      await mine.do(offer({ kind: 'asset', seq: 1, row: { ...held, caption: 'same place' } }));
      expect((await row()).row.caption).toBeNull();
    });

    test('C4 an offered tombstone deletes for ever, as it had been', async () => {
      const held = (await row()).row;
      await mine.do(offer({ kind: 'asset', seq: 5, row: { ...held, state: 'purged', resources: [] } }));
      expect(await server.services.db.selectFrom('resource').selectAll().execute()).toEqual([]);
      expect(await theirs.do(addOf(device, [photo('one')]))).toBe('deleted_from_library');
    });

    test('C4 a row that contradicts itself is refused', async () => {
      const held = (await row()).row;
      const flawed: Asset[] = [
        { ...held, state: 'trashed' },
        { ...held, trashedAt: 1 },
        { ...held, state: 'purged' },
        { ...held, resources: [] },
        { ...held, id: newId() as never },
        { ...held, resources: [{ ...held.resources[0]!, bytes: 1 }] },
      ];
      for (const asset of flawed) expect(await mine.do(offer({ kind: 'asset', seq: 5, row: asset }))).toBe('invalid_request');
    });
  });
});
