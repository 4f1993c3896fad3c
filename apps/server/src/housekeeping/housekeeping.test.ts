import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Asset, deriveAssetId, type Entity, type Sha256 } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitChange } from '../log/commit.ts';
import { beginEpoch } from '../log/epochs.ts';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { counters, createWith, sha256Of } from '../testing/tus-requests.ts';
import type { TestDevice } from '../testing/test-server.ts';
import { runHousekeeping } from './run.ts';

const DAY = 86_400_000;

let server: LiveServer;
let device: TestDevice;

beforeEach(async () => {
  server = await liveServer();
  device = await server.person('someone@example.com');
});

afterEach(async () => {
  await server.close();
});

async function daysLater(days: number): Promise<void> {
  server.clock.time += days * DAY;
  await runHousekeeping(server.services, server.uploads, server.clock.time);
  const failed = server.logged.find((line) => line.includes('housekeeping failed'));
  if (failed) throw new Error(failed);
}

async function change(entity: Entity): Promise<void> {
  await server.services.db.transaction().execute((trx) => commitChange(trx, device.libraryId, device.deviceId, [entity], server.clock.time));
}

/** A photo in the library, with its bytes stored. */
async function photo(bytes: Buffer, changes: Partial<Asset> = {}): Promise<Asset> {
  await createWith(server, device, bytes);
  const row = assetOf(bytes, changes);
  await change({ kind: 'asset', row });
  return row;
}

function assetOf(bytes: Buffer, changes: Partial<Asset> = {}): Asset {
  const sha256 = sha256Of(bytes);
  return {
    id: deriveAssetId(device.libraryId, sha256),
    state: 'live',
    trashedAt: null,
    mediaKind: 'photo',
    primary: sha256,
    addedAt: 0,
    favourite: false,
    hidden: false,
    archived: false,
    caption: null,
    capture: { at: 0, offsetMinutes: null },
    place: null,
    resources: [{ role: 'photo', sha256, bytes: bytes.length, name: 'a.jpg', mediaType: 'image/jpeg' }],
    details: null,
    ...changes,
  };
}

const originals = async () => {
  const found: Sha256[] = [];
  for await (const sha256 of server.services.originals.list()) found.push(sha256);
  return found.toSorted();
};
const stateOf = async (asset: Asset) => (await server.services.db.selectFrom('asset').select('state').where('id', '=', asset.id).executeTakeFirstOrThrow()).state;

describe('U7 uploads', () => {
  it('end 7 days after their last byte and return their space', async () => {
    const bytes = randomBytes(1000);
    await createWith(server, device, bytes, bytes.subarray(0, 10));
    await daysLater(6.9);
    expect(await counters(server, device)).toMatchObject({ reserved: 1000 });
    await daysLater(0.1);
    expect(await counters(server, device)).toMatchObject({ reserved: 0, reservedSum: 0 });
    expect(await readdir(join(server.folder, 'uploads'))).toEqual([]);
  });

  it('staged files without a row go, uploads that run and foreign files stay', async () => {
    await createWith(server, device, randomBytes(10), randomBytes(5));
    const staging = join(server.folder, 'uploads');
    const [running] = await readdir(staging);
    const stray = '1'.repeat(32);
    for (const name of [stray, `${stray}.commit`, 'notes.txt']) await writeFile(join(staging, name), 'x');
    await daysLater(0);
    expect(new Set(await readdir(staging))).toEqual(new Set([running, 'notes.txt']));
  });
});

describe('Recently Deleted', () => {
  it('is purged after 30 days by the server, with its charge and, in time, its file', async () => {
    const kept = await photo(randomBytes(100));
    const trashed = await photo(randomBytes(200), { state: 'trashed', trashedAt: server.clock.time });
    await daysLater(29.9);
    expect(await stateOf(trashed)).toBe('trashed');
    await daysLater(0.1);
    expect(await stateOf(trashed)).toBe('purged');
    expect(await stateOf(kept)).toBe('live');
    expect(await counters(server, device)).toMatchObject({ used: 100, usedSum: 100 });
    const row = await server.services.db.selectFrom('asset').select(['actor', 'seq']).where('id', '=', trashed.id).executeTakeFirstOrThrow();
    expect(row).toEqual({ actor: 'server', seq: 3 });
    // A4: what is purged is remembered by hash.
    expect(await server.services.db.selectFrom('purged_resource').select('sha256').execute()).toEqual([{ sha256: trashed.primary }]);
    expect(await originals()).toEqual([kept.primary]);
  });

  it('C5 nothing is purged, released or set aside for 30 days after a fork', async () => {
    const trashed = await photo(randomBytes(200), { state: 'trashed', trashedAt: server.clock.time });
    const unreferenced = randomBytes(100);
    await createWith(server, device, unreferenced);
    const orphan = await orphanFile();
    server.clock.time += 29 * DAY;
    await server.services.db.transaction().execute((trx) => beginEpoch(trx, server.services.random, device.libraryId, server.clock.time));
    await daysLater(29.9);
    expect(await stateOf(trashed)).toBe('trashed');
    expect(await counters(server, device)).toMatchObject({ used: 300 });
    expect(await originals()).toEqual([trashed.primary, sha256Of(unreferenced), orphan].toSorted());
    await daysLater(0.1);
    expect(await stateOf(trashed)).toBe('purged');
    expect(await counters(server, device)).toMatchObject({ used: 0, usedSum: 0 });
    expect(await originals()).toEqual([]);
  });
});

describe('orphans', () => {
  it('a resource that no asset names after 7 days is released; one that an asset names stays', async () => {
    const named = await photo(randomBytes(100));
    await createWith(server, device, randomBytes(50));
    await daysLater(6.9);
    expect(await counters(server, device)).toMatchObject({ used: 150 });
    await daysLater(0.1);
    expect(await counters(server, device)).toMatchObject({ used: 100, usedSum: 100 });
    expect(await originals()).toEqual([named.primary]);
  });

  it('a file without a row is set aside and removed after 30 days', async () => {
    const orphan = await orphanFile();
    await daysLater(0);
    expect(await originals()).toEqual([]);
    expect(await server.services.originals.restore(orphan)).toBe(true);
    await daysLater(0);
    await daysLater(30);
    expect(await readdir(join(server.folder, 'set-aside'))).toHaveLength(1);
    await daysLater(1);
    expect(await server.services.originals.restore(orphan)).toBe(false);
    await daysLater(1);
    expect(await readdir(join(server.folder, 'set-aside'))).toEqual([]);
  });

  it('a file whose upload is under way is left alone', async () => {
    const bytes = randomBytes(1000);
    await orphanFile(bytes);
    await createWith(server, device, bytes, bytes.subarray(0, 10));
    await daysLater(0);
    expect(await originals()).toEqual([sha256Of(bytes)]);
  });

  it.each<[string, (sha256: Sha256) => Promise<unknown>]>([
    ['when it is read', (sha256) => send(server, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256}`)],
    ['before it would be removed', () => daysLater(31)],
  ])('what was set aside and is named by a restored database comes back %s', async (_when, heal) => {
    const bytes = randomBytes(1000);
    const sha256 = await orphanFile(bytes);
    await daysLater(0);
    expect(await originals()).toEqual([]);
    await restoredRows(bytes);
    await heal(sha256);
    expect(await originals()).toEqual([sha256]);
    expect((await send(server, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256}`)).body.equals(bytes)).toBe(true);
  });
});

/** An original that no row names, as a crash or an older database leaves it. */
async function orphanFile(bytes = randomBytes(500)): Promise<Sha256> {
  const { originals: store, random } = server.services;
  const upload = random.id() as never;
  const writer = await store.stage(upload, 0);
  await writer.append([bytes]);
  await writer.close();
  await store.commit(upload, sha256Of(bytes));
  await store.discard(upload);
  return sha256Of(bytes);
}

/** Rows that name bytes, without the bytes: a database that was restored from a backup. */
async function restoredRows(bytes: Buffer): Promise<void> {
  const { db } = server.services;
  await db.insertInto('resource').values({ library_id: device.libraryId, sha256: sha256Of(bytes), bytes: bytes.length, verified_at: server.clock.time }).execute();
  await db.updateTable('account').set((is) => ({ used_bytes: is('used_bytes', '+', bytes.length) })).execute();
  await change({ kind: 'asset', row: assetOf(bytes) });
}
