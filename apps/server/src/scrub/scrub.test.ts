import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AssetId, CheckResult, ScrubStanding, ServerDiagnosis, Sha256 } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { addOf, Outbox, photo, tail } from '../testing/test-library.ts';
import type { TestDevice } from '../testing/test-server.ts';
import { counters, create, createWith, patch, sha256Of } from '../testing/tus-requests.ts';
import { openUploadDesk } from '../uploads/desk.ts';
import { takeInventory } from './inventory.ts';
import { askForAll, READ_AFTER_MS, scrubNext } from './scrub.ts';
import { Scrubber } from './start.ts';
import { markStore } from './store-mark.ts';

let server: LiveServer;
let device: TestDevice;
let outbox: Outbox;

beforeEach(async () => {
  server = await liveServer();
  device = await server.person('ada@example.com');
  outbox = new Outbox(device);
  // As each start does: from now on the store is known.
  await inventory();
});
afterEach(async () => await server.closeSound().then(() => server.close(), () => server.close()));

interface Saved {
  readonly bytes: Buffer;
  readonly sha256: Sha256;
  readonly assetId: AssetId;
  readonly file: string;
}

async function saved(by: Outbox = outbox, bytes = randomBytes(1000)): Promise<Saved> {
  const sha256 = sha256Of(bytes);
  await createWith(server, by.device, bytes);
  const operation = addOf(by.device, [photo('IMG_1', { sha256, bytes: bytes.length })]);
  expect(typeof (await by.do(operation))).toBe('number');
  return { bytes, sha256, assetId: operation.assetId, file: join(server.folder, 'originals', sha256.slice(0, 2), sha256.slice(2, 4), sha256) };
}

async function rot({ file, bytes }: Saved): Promise<void> {
  const rotten = Buffer.from(bytes);
  rotten[500]! ^= 1;
  await writeFile(file, rotten);
}

const inventory = () => takeInventory(server.uploads, server.clock.time);
async function scrub(desk = server.uploads): Promise<number> {
  for (let read = 0; ; read += 1) if ((await scrubNext(desk, { now: server.clock.time, askedAt: null })) === null) return read;
}
const wantedOf = async (from: TestDevice, id: AssetId) => {
  const entry = (await tail(from, 0)).get(`asset:${id}`);
  return entry?.kind === 'asset' ? entry.row.wanted : undefined;
};
const standing = async (from: TestDevice, sha256: Sha256) => ((await (await from.request('POST', `/api/v1/libraries/${from.libraryId}/resources/known`, { hashes: [sha256] })).json()) as { standings: string[] }).standings[0];
const check = async (): Promise<CheckResult> => ((await (await device.request('GET', '/api/v1/doctor')).json()) as ServerDiagnosis).results.find((result) => result.check === 'scrub')!;

const ways: readonly (readonly [string, 'missing' | 'damaged', (of: Saved) => Promise<void>, () => Promise<unknown>])[] = [
  ['gone from the disk', 'missing', ({ file }) => rm(file), inventory],
  ['cut short', 'damaged', ({ file }) => truncate(file, 999), inventory],
  ['longer than it was', 'damaged', async ({ file, bytes }) => writeFile(file, Buffer.concat([bytes, bytes])), inventory],
  [
    'rotten in one bit',
    'damaged',
    rot,
    async () => {
      server.clock.time += READ_AFTER_MS + 1;
      expect(await inventory()).toEqual({ missing: 0, damaged: 0, returned: 0 });
      await scrub();
    },
  ],
];

describe.each(ways)('S1 S2 S4 an original that is %s', (_what, loss, harm, look) => {
  it('is told as lost by the log, by `known` and by the doctor, and is whole again once a device sent it', async () => {
    const one = await saved();
    const other = await saved();
    const before = await tail(device, 0);
    expect(await inventory()).toEqual({ missing: 0, damaged: 0, returned: 0 });
    await harm(one);
    await look();

    expect([await wantedOf(device, one.assetId), await wantedOf(device, other.assetId)]).toEqual([[one.sha256], undefined]);
    expect([await standing(device, one.sha256), await standing(device, other.sha256)]).toEqual(['missing', 'stored']);
    expect(await check()).toMatchObject({ verdict: 'warn', reason: 'bit_rot', items: { count: 1, bytes: 1000 }, evidence: { facts: { [loss]: 1 } } });
    const answer = await send(server, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${one.sha256}`);
    expect([answer.status, answer.json().code]).toEqual([500, 'bit_rot']);
    // Nothing may be built on it (A3).
    expect(await outbox.do(addOf(device, [photo('x', { sha256: one.sha256, bytes: 1000 }), photo('IMG_1.AAE', { role: 'sidecar', sha256: other.sha256, bytes: 1000 })]))).toBe('resource_missing');

    expect((await createWith(server, device, one.bytes)).status).toBe(201);
    expect([await wantedOf(device, one.assetId), await standing(device, one.sha256)]).toEqual([undefined, 'stored']);
    expect((await readFile(one.file)).equals(one.bytes)).toBe(true);
    expect(await check()).toMatchObject({ verdict: 'ok' });
    expect(await inventory()).toEqual({ missing: 0, damaged: 0, returned: 0 });
    const after = await tail(device, 0);
    expect({ ...after.get(`asset:${one.assetId}`), seq: 0 }).toEqual({ ...before.get(`asset:${one.assetId}`), seq: 0 });
  });
});

it('S1 who asks for an original that is not there is the first to notice', async () => {
  const one = await saved();
  await rm(one.file);
  const get = async () => await send(server, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${one.sha256}`);
  expect([(await get()).json().code, (await get()).json().code]).toEqual(['bit_rot', 'bit_rot']);
  expect([await wantedOf(device, one.assetId), server.logged.filter((line) => line.startsWith('an original is damaged')).length]).toEqual([[one.sha256], 1]);
});

it('S1 what is damaged is kept where nothing removes it', async () => {
  const one = await saved();
  await rot(one);
  server.clock.time += READ_AFTER_MS + 1;
  await scrub();
  const [day] = await readdir(join(server.folder, 'damaged'));
  expect(await readdir(join(server.folder, 'damaged', day!))).toEqual([`${one.sha256}-${server.clock.time}`]);
});

it('S1 reads what was not read for the longest time, and each once in its time', async () => {
  const first = await saved();
  server.clock.time += 1000;
  await saved();
  server.clock.time = server.clock.time - 1000 + READ_AFTER_MS + 1;
  expect(await scrub()).toBe(1);
  const readAt = async ({ sha256 }: Saved) => (await server.services.db.selectFrom('resource').select('scrubbed_at').where('sha256', '=', sha256).executeTakeFirstOrThrow()).scrubbed_at;
  expect(await readAt(first)).toBe(server.clock.time);
  server.clock.time += 1000;
  expect([await scrub(), await scrub()]).toEqual([1, 0]);
});

it('S1 a clock that was years ahead and is set right leaves nothing unread', async () => {
  await saved();
  await server.services.db.updateTable('resource').set({ scrubbed_at: server.clock.time + 1e11 }).execute();
  expect(await scrub()).toBe(1);
});

describe('S3 a store that is not there', () => {
  const originals = () => join(server.folder, 'originals');
  const away = () => join(server.folder, 'originals.away');

  it('lacks nothing: its place is empty until it is mounted again', async () => {
    const one = await saved();
    await rename(originals(), away());
    await mkdir(originals());
    server.clock.time += READ_AFTER_MS + 1;
    expect([await inventory(), await scrub()]).toEqual([{ missing: 0, damaged: 0, returned: 0 }, 0]);
    expect(await wantedOf(device, one.assetId)).toBeUndefined();
    expect(await check()).toMatchObject({ verdict: 'fail', reason: 'originals_missing', items: { count: 1 } });
    await rm(originals(), { recursive: true });
    await rename(away(), originals());
    expect([await inventory(), (await check()).verdict]).toEqual([{ missing: 0, damaged: 0, returned: 0 }, 'ok']);
  });

  it('is lost when its owner says so', async () => {
    const one = await saved();
    await rm(originals(), { recursive: true });
    await inventory();
    expect((await check()).reason).toBe('originals_missing');
    await markStore(server.uploads);
    expect(await inventory()).toEqual({ missing: 1, damaged: 0, returned: 0 });
    expect(await wantedOf(device, one.assetId)).toEqual([one.sha256]);
  });

  it('is one that was emptied where its mark is there: what it lacks is lost', async () => {
    const one = await saved();
    await rm(dirname(dirname(one.file)), { recursive: true });
    expect(await inventory()).toEqual({ missing: 1, damaged: 0, returned: 0 });
  });

  it('is the store all the same where it lost its mark and has an original', async () => {
    await saved();
    const two = await saved();
    await rm(join(originals(), 'store-mark'));
    await rm(two.file);
    expect(await inventory()).toEqual({ missing: 1, damaged: 0, returned: 0 });
  });
});

it('S4 what was lost and lies there again, whole, is found by the next comparison', async () => {
  const one = await saved();
  await rename(one.file, `${one.file}.away`);
  await inventory();
  await rename(`${one.file}.away`, one.file);
  expect(await inventory()).toEqual({ missing: 0, damaged: 0, returned: 1 });
  expect([await wantedOf(device, one.assetId), await standing(device, one.sha256)]).toEqual([undefined, 'stored']);
});

it('S4 every library that has the bytes loses them at once and has them again at once', async () => {
  const other = new Outbox(await server.person('bob@example.com', 'member'));
  const bytes = randomBytes(1000);
  const [mine, theirs] = [await saved(outbox, bytes), await saved(other, bytes)];
  await rm(mine.file);
  expect(await inventory()).toEqual({ missing: 1, damaged: 0, returned: 0 });
  const wanted = async () => [await wantedOf(device, mine.assetId), await wantedOf(other.device, theirs.assetId)];
  expect(await wanted()).toEqual([[mine.sha256], [mine.sha256]]);
  await createWith(server, device, bytes);
  expect(await wanted()).toEqual([undefined, undefined]);
});

describe('S5 bytes that come again', () => {
  it('take no room in a plan that is full: they are charged already', async () => {
    const one = await saved();
    await server.services.db.updateTable('account').set({ plan_bytes: 1000 }).execute();
    await rm(one.file);
    await inventory();
    const begun = await create(server, device, one.bytes);
    expect([begun.status, await counters(server, device)]).toEqual([201, { used: 1000, reserved: 0, plan: 1000, usedSum: 1000, reservedSum: 0 }]);
    await patch(server, device, String(begun.headers['location']), 0, one.bytes);
    expect(await counters(server, device)).toEqual({ used: 1000, reserved: 0, plan: 1000, usedSum: 1000, reservedSum: 0 });
    expect(await standing(device, one.sha256)).toBe('stored');
  });

  it('are given up when a person deletes their photo for ever meanwhile', async () => {
    const one = await saved();
    await rm(one.file);
    await inventory();
    const begun = await create(server, device, one.bytes);
    await outbox.do({ op: 'asset.trash', assetIds: [one.assetId] });
    expect(typeof (await outbox.do({ op: 'asset.purge', assetId: one.assetId, saw: 100 }))).toBe('number');
    expect(await counters(server, device)).toMatchObject({ used: 0, reserved: 0, usedSum: 0, reservedSum: 0 });
    expect((await patch(server, device, String(begun.headers['location']), 0, one.bytes)).status).toBe(404);
    expect(await standing(device, one.sha256)).toBe('deleted');
  });

  it('may come from two devices at once', async () => {
    const one = await saved();
    const second = await device.another('second');
    await rm(one.file);
    await inventory();
    const begun = await Promise.all([create(server, device, one.bytes), create(server, second, one.bytes)]);
    await Promise.all([patch(server, device, String(begun[0].headers['location']), 0, one.bytes), patch(server, second, String(begun[1].headers['location']), 0, one.bytes)]);
    expect(await counters(server, device)).toMatchObject({ used: 1000, reserved: 0, usedSum: 1000, reservedSum: 0 });
    expect([await standing(device, one.sha256), await wantedOf(device, one.assetId)]).toEqual(['stored', undefined]);
  });
});

it('S2 what is lost lies in the log of what was deleted too, until it is deleted for ever; M7 it is nobody’s edit', async () => {
  const one = await saved();
  const saw = await outbox.do({ op: 'asset.trash', assetIds: [one.assetId] });
  await rm(one.file);
  await inventory();
  expect(await wantedOf(device, one.assetId)).toEqual([one.sha256]);
  expect(typeof (await new Outbox(await device.another('second')).do({ op: 'asset.purge', assetId: one.assetId, saw: Number(saw) }))).toBe('number');
  expect([await wantedOf(device, one.assetId), (await check()).verdict]).toEqual([undefined, 'ok']);
});

it('one of two processes reads; the other one goes on where it was killed', async () => {
  for (let count = 0; count < 3; count += 1) await saved();
  server.clock.time += READ_AFTER_MS + 1;
  const unread = async () => (await server.services.db.selectFrom('resource').select((is) => is.fn.countAll<number>().as('n')).where('scrubbed_at', '<', server.clock.time).executeTakeFirstOrThrow()).n;
  const [one, other] = [new Scrubber(openUploadDesk(server.services)), new Scrubber(openUploadDesk(server.services))];
  await server.services.db.updateTable('scrub').set({ lease_holder: 'a process that was killed', lease_until: server.clock.time + 1 }).execute();
  one.wake();
  await one.rests();
  expect(await unread()).toBe(3);
  server.clock.time += 1;
  other.wake();
  await other.rests();
  expect(await unread()).toBe(0);
});

describe('the server’s owner', () => {
  it('gets all of it read, also what was read by a clock that has been set back since', async () => {
    const one = await saved();
    await rot(one);
    server.clock.time -= 3 * 60 * 60 * 1000;
    const askedAt = await askForAll(server.services);
    while ((await scrubNext(server.uploads, { now: server.clock.time, askedAt })) !== null);
    expect(await wantedOf(device, one.assetId)).toEqual([one.sha256]);
  });

  it('asks for all of it to be read now and sees it through; to others there is nothing', async () => {
    const one = await saved();
    await saved();
    await rot(one);
    server.clock.time += 1;
    const asked = await device.request('POST', '/api/v1/scrub', {});
    expect([asked.status, await asked.json()]).toMatchObject([202, { left: { count: 2 }, askedAt: server.clock.time }]);
    await server.scrubber.rests();
    const after = (await (await device.request('GET', '/api/v1/scrub')).json()) as ScrubStanding;
    expect(after).toMatchObject({ held: { count: 1 }, damaged: { count: 1, bytes: 1000 }, left: { count: 0 } });
    const member = await server.person('bob@example.com', 'member');
    expect([(await member.request('GET', '/api/v1/scrub')).status, (await member.request('POST', '/api/v1/scrub', {})).status]).toEqual([404, 404]);
  });
});
