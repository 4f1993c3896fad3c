import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetEntry } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemTimers } from '../context.ts';
import { runHousekeeping } from '../housekeeping/run.ts';
import { beginEpoch } from '../log/epochs.ts';
import { send } from '../testing/live-server.ts';
import { Photographer, renditionServer, type RenditionServer, type RenditionServerOptions, storedFiles, until } from '../testing/rendition-server.ts';
import { ScriptedRenderer } from '../testing/scripted-renderer.ts';
import { Outbox, pageOf, sha256Of } from '../testing/test-library.ts';
import { LEASE_MS } from './leases.ts';
import { makeWithNewTools } from './new-tools.ts';

let servers: RenditionServer[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-renditions-'));
});
afterEach(async () => {
  for (const server of servers) await server.close();
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

/** Another process on the same data: its own connection, its own leases. */
const start = async (options: RenditionServerOptions = {}): Promise<RenditionServer> => {
  const server = await renditionServer({ folder, ...options });
  servers.push(server);
  return server;
};
const photographer = async (server: RenditionServer, email = 'a@example.com') => new Photographer(server, await server.person(email));
const undescribedCount = async ({ services }: RenditionServer) => (await services.db.selectFrom('asset').select('id').where('described', '=', 0).where('state', '<>', 'purged').execute()).length;
const allDescribed = async (server: RenditionServer) => await until(async () => expect(await undescribedCount(server)).toBe(0));

describe('A6 what is derived from originals', () => {
  test('A6 every asset gets the details of its file, in an entry of its own', async () => {
    const server = await start();
    const me = await photographer(server);
    const id = await me.adds('one');
    await allDescribed(server);
    expect((await me.asset(id)).details).toEqual({ width: 3, height: 1, thumbhash: 'b25l', camera: { model: 'one' } });
    expect(await me.log()).toMatchObject({ head: 2, entries: [{ seq: 2 }] });
    expect(await storedFiles(server)).toHaveLength(2);
  });

  test('A6 what lies in Recently Deleted is read too; what was purged is not', async () => {
    const server = await start({ isIdle: true });
    const me = await photographer(server);
    const [trashed, purged] = [await me.adds('trashed'), await me.adds('purged')];
    await me.does({ op: 'asset.trash', assetIds: [trashed, purged] });
    await me.does({ op: 'asset.purge', assetId: purged, saw: 99 });
    const other = await start();
    await allDescribed(other);
    expect(other.renderer.begun).toEqual(['trashed']);
    expect((await me.asset(trashed)).details).toMatchObject({ width: 7 });
  });

  test('A6 M7 a purge that had not seen the derived entry goes on', async () => {
    const server = await start({ renderer: new ScriptedRenderer({ isOpen: false }) });
    const me = await photographer(server);
    const id = await me.adds('one');
    const saw = Number(await me.does({ op: 'asset.trash', assetIds: [id] }));
    server.renderer.open();
    await allDescribed(server);
    expect((await me.log()).head).toBe(saw + 1);
    expect(await me.does({ op: 'asset.purge', assetId: id, saw })).toBeTypeOf('number');
  });

  test('A6 C4 an offer after a rollback is not lost to a derived entry', async () => {
    const server = await start({ isIdle: true });
    const me = await photographer(server);
    const id = await me.adds('one');
    const held = await me.asset(id);
    const { epoch } = await server.services.db.transaction().execute(async (trx) => await beginEpoch(trx, server.services.random, me.device.libraryId, server.clock.time));
    const worker = await start();
    await allDescribed(worker);
    const outbox = Object.assign(new Outbox(await me.device.another('second')), { epoch });
    await outbox.do({ op: 'offer', seq: 5, entity: { kind: 'asset', row: { ...held, caption: 'lost' } } });
    const { row } = AssetEntry.parse((await pageOf(me.device, 0, 10, epoch)).entries[0]);
    expect([row.caption, row.details?.width]).toEqual(['lost', 3]);
  });

  test('A6 an edit is shown, and the details of its camera’s file stay', async () => {
    const server = await start();
    const me = await photographer(server);
    const id = await me.adds('one');
    await allDescribed(server);
    await me.adds('one', ['edited', 'rendered_edit', 'image/jpeg']);
    await until(async () => expect((await me.asset(id)).details).toMatchObject({ width: 6, camera: { model: 'one' } }));
    expect(server.renderer.begun).toEqual(['one', 'edited']);
  });

  test('A6 a Live Photo plays as long as its video does, whichever part comes first', async () => {
    const server = await start();
    const me = await photographer(server);
    const id = await me.adds('still', ['it moves', 'paired_video', 'video/quicktime']);
    const later = await me.adds('another still');
    await allDescribed(server);
    await me.adds('another still', ['it moves too', 'paired_video', 'video/quicktime']);
    await until(async () => expect((await me.asset(later)).details).toMatchObject({ width: 13, durationMs: 12 }));
    expect((await me.asset(id)).details).toMatchObject({ width: 5, durationMs: 8 });
    expect(server.renderer.begun.toSorted(), 'nothing is drawn of a video that is not seen').toEqual(['another still', 'still']);
  });

  test('A6 what comes out the same moves nothing in the log', async () => {
    const server = await start();
    const me = await photographer(server);
    await me.adds('one');
    await allDescribed(server);
    const { head } = await me.log();
    await server.services.db.updateTable('rendition').set({ version: 0 }).execute();
    await server.services.db.updateTable('asset').set({ described: 0 }).execute();
    const other = await start();
    await allDescribed(other);
    expect(server.renderer.begun.concat(other.renderer.begun)).toEqual(['one', 'one']);
    expect((await me.log()).head).toBe(head);
    // The files of the earlier pipeline are gone.
    expect(await storedFiles(server)).toHaveLength(2);
  });
});

describe('what a machine lacks', () => {
  test('is asked for again when it is there, and what was made is shown until then', async () => {
    const poor = await start();
    const me = await photographer(poor);
    const [odd, usual] = [await me.adds('odd one'), await me.adds('usual')];
    await allDescribed(poor);
    await poor.stopWork();
    expect(await makeWithNewTools({ ...poor.services, renditions: poor.services.renditions! }), 'nothing new').toBe(0);

    poor.renderer.present.add('odd-reader');
    expect(await makeWithNewTools({ ...poor.services, renditions: poor.services.renditions! })).toBe(1);
    expect((await send(poor, me.device, 'GET', me.address(odd))).body.toString()).toBe('thumb of odd one');
    const richer = await start({ renderer: Object.assign(new ScriptedRenderer(), { present: new Set(['odd-reader']) }) });
    await allDescribed(richer);
    expect(richer.renderer.begun).toEqual(['odd one']);
    expect(await me.asset(usual)).toMatchObject({ details: { width: 5 } });
    expect(await makeWithNewTools({ ...richer.services, renditions: richer.services.renditions! }), 'it lacks nothing any more').toBe(0);
  });

  test('a server that starts looks for it by itself, and for a video that came to nothing it is asked again', async () => {
    const poor = await start();
    const me = await photographer(poor);
    const id = await me.adds(['bad film', 'video', 'video/quicktime']);
    const address = me.address(id, 'video_preview');
    await until(async () => expect((await send(poor, me.device, 'GET', address)).status).toBe(404));
    await poor.stopWork();
    const richer = await start({ renderer: Object.assign(new ScriptedRenderer(), { present: new Set(['odd-reader']) }) });
    await until(async () => expect(await poor.services.db.selectFrom('rendition').select('sha256').where('task', '=', 'video_preview').execute()).toEqual([]));
    await send(richer, me.device, 'GET', address);
    expect(richer.renderer.videos).toEqual(['bad film']);
  });
});

describe('the work', () => {
  test('is the newest additions first, and each file once however many libraries show it', async () => {
    const server = await start({ isIdle: true });
    const [me, other] = [await photographer(server), await photographer(server, 'b@example.com')];
    for (const text of ['first', 'second', 'third']) {
      await me.adds(text);
      server.clock.time += 1000;
    }
    const theirs = await other.adds('second');
    const worker = await start({ renderer: Object.assign(new ScriptedRenderer(), { slots: 1 }) });
    worker.clock.time = server.clock.time;
    await allDescribed(worker);
    expect(worker.renderer.begun).toEqual(['second', 'third', 'first']);
    expect((await other.asset(theirs)).details).toMatchObject({ width: 6 });
  });

  test('a damaged file gets its reason, and the queue goes on', async () => {
    const server = await start();
    const me = await photographer(server);
    const [bad, good] = [await me.adds('bad'), await me.adds('good')];
    await allDescribed(server);
    expect((await me.asset(bad)).details).toEqual({ width: 3, problem: 'corrupt_media' });
    expect((await me.asset(good)).details).not.toHaveProperty('problem');
  });

  test('two processes share it, and nothing is done twice', async () => {
    const first = await start({ renderer: new ScriptedRenderer({ isOpen: false }) });
    const me = await photographer(first);
    const texts = Array.from({ length: 30 }, (_, n) => `photo ${n}`);
    for (const text of texts) await me.adds(text);
    const second = await start({ renderer: new ScriptedRenderer({ isOpen: false }), timers: systemTimers });
    await until(() => expect(second.renderer.begun).toHaveLength(2));
    first.renderer.open();
    second.renderer.open();
    await allDescribed(first);
    expect([...first.renderer.begun, ...second.renderer.begun].toSorted()).toEqual(texts.toSorted());
    expect((await me.log()).entries.filter((entry) => entry.kind === 'asset' && entry.row.details !== null)).toHaveLength(30);
  });

  test('what a killed process had begun is taken over once its lease is over', async () => {
    const killed = await start({ renderer: new ScriptedRenderer({ isOpen: false }) });
    const me = await photographer(killed);
    await me.adds('one');
    await until(() => expect(killed.renderer.begun).toEqual(['one']));
    const beats: (() => void)[] = [];
    const other = await start({ timers: { every: (_ms, run) => (beats.push(run), () => undefined) } });
    beats.forEach((beat) => beat());
    expect(other.renderer.begun).toEqual([]);
    other.clock.time += LEASE_MS;
    beats.forEach((beat) => beat());
    await allDescribed(other);
    expect(other.renderer.begun).toEqual(['one']);
  });

  test('a lease of a clock that was years ahead holds nothing', async () => {
    const killed = await start({ renderer: new ScriptedRenderer({ isOpen: false }) });
    const me = await photographer(killed);
    await me.adds('one');
    await until(() => expect(killed.renderer.begun).toEqual(['one']));
    await killed.services.db.updateTable('rendition').set({ lease_until: killed.clock.time + 10 ** 11 }).execute();
    const other = await start();
    await allDescribed(other);
    expect(other.renderer.begun).toEqual(['one']);
  });

  test('a file that ends every process which opens it is given up, and the queue goes on', async () => {
    const server = await start({ isIdle: true });
    const me = await photographer(server);
    const bad = await me.adds('kill');
    for (let process = 0; process < 5; process += 1) {
      const killed = await start();
      killed.clock.time = server.clock.time += LEASE_MS;
      await until(() => expect(killed.renderer.begun).toEqual(['kill']));
    }
    const last = await start();
    last.clock.time = server.clock.time += LEASE_MS;
    const good = await me.adds('good');
    await until(async () => {
      last.renditions.onWanted();
      expect(await undescribedCount(last)).toBe(0);
    });
    expect(last.renderer.begun).toEqual(['good']);
    expect((await me.asset(bad)).details).toEqual({ problem: 'corrupt_media' });
    expect((await me.asset(good)).details).toMatchObject({ width: 4 });
  });

  test('a process that closes gives its work back at once', async () => {
    const closing = await start({ renderer: new ScriptedRenderer({ isOpen: false }) });
    const me = await photographer(closing);
    await me.adds('one');
    await until(() => expect(closing.renderer.begun).toEqual(['one']));
    await closing.stopWork();
    const other = await start();
    await allDescribed(other);
    expect(closing.logged.filter((line) => line.includes('could not'))).toEqual([]);
  });

  test('where the system refuses, all of it waits, and no file is blamed', async () => {
    const server = await start({ renderer: Object.assign(new ScriptedRenderer(), { slots: 1, fault: 'no process could be started' }) });
    const me = await photographer(server);
    for (const text of ['one', 'two', 'three']) await me.adds(text);
    await until(() => expect(server.logged.join('\n')).toContain('no process could be started'));
    await me.adds('four');
    expect(server.renderer.begun).toHaveLength(1);
    server.renderer.fault = null;
    server.clock.time += 60 * 60_000;
    await me.adds('five');
    await allDescribed(server);
    for (const text of ['one', 'two', 'three', 'four', 'five']) expect(server.renderer.begun).toContain(text);
  });

  test('a server without workers describes what another one made', async () => {
    const server = await start();
    const me = await photographer(server);
    await me.adds('one');
    await allDescribed(server);
    await server.stopWork();
    await server.services.db.updateTable('asset').set({ described: 0 }).execute();
    await me.adds('two');
    const idle = await start({ renderer: Object.assign(new ScriptedRenderer(), { slots: 0 }) });
    await until(async () => expect(await undescribedCount(idle)).toBe(1));
    expect(idle.renderer.begun).toEqual([]);
  });

  test('an original that is lost is no damaged photo', async () => {
    const server = await start({ isIdle: true });
    const me = await photographer(server);
    const id = await me.adds('one');
    await rm(join(folder, 'originals'), { recursive: true });
    const worker = await start();
    await until(() => expect(worker.logged.join('\n')).toContain('an original cannot be read'));
    expect((await me.asset(id)).details).toBeNull();
  });
});

describe('the files', () => {
  test('that their owner deleted are made again at the next comparison, and nothing moves in the log', async () => {
    const server = await start();
    const me = await photographer(server);
    await me.adds('one');
    await allDescribed(server);
    const { head } = await me.log();
    await rm(join(folder, 'renditions'), { recursive: true });
    await runHousekeeping(server.services, server.uploads, server.clock.time);
    server.renditions.onWanted();
    await allDescribed(server);
    expect(await storedFiles(server)).toHaveLength(2);
    expect((await me.log()).head).toBe(head);
  });

  test('go with the last library that shows them', async () => {
    const server = await start();
    const [me, other] = [await photographer(server), await photographer(server, 'b@example.com')];
    const ids = [await me.adds('one'), await other.adds('one')] as const;
    await allDescribed(server);
    for (const [index, person] of [me, other].entries()) {
      const id = ids[index]!;
      await person.does({ op: 'asset.trash', assetIds: [id] });
      await person.does({ op: 'asset.purge', assetId: id, saw: 99 });
      await runHousekeeping(server.services, server.uploads, server.clock.time);
      expect(await storedFiles(server)).toHaveLength(index === 0 ? 2 : 0);
    }
    expect(await server.services.db.selectFrom('rendition').selectAll().execute()).toEqual([]);
  });

  test('without a row are removed, and what a killed process was making', async () => {
    const server = await start();
    const me = await photographer(server);
    await me.adds('one');
    await allDescribed(server);
    await server.services.renditions!.store.workFolder();
    await server.services.db.deleteFrom('rendition').where('sha256', '=', sha256Of('one')).execute();
    // Files carry the real time of this test.
    await runHousekeeping(server.services, server.uploads, Date.now() + 2 * 86_400_000);
    expect(await storedFiles(server)).toEqual([]);
    expect(server.logged.join('\n')).toContain('"strays":1,"unfinished":1');
  });

  test('are not charged to the plan', async () => {
    const server = await start();
    const me = await photographer(server);
    await me.adds('one');
    await allDescribed(server);
    expect(await (await me.device.request('GET', '/api/v1/usage')).json()).toMatchObject({ used: 3 });
  });
});
