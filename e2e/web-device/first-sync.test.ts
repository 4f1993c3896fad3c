import { createHash } from 'node:crypto';
import { deriveAssetId, type Sha256 } from '@everroll/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device } from '../../apps/web/src/device/contract.ts';
import { findChromium, HOW_TO_INSTALL } from '../harness/chromium.ts';
import { follow, OWNER, Stand, until, withoutSqlite } from './stand.ts';

declare const device: Device;
declare const seen: { count: number; version: number };
declare const phases: string[];

const executable = findChromium();
if (executable === undefined) console.warn(HOW_TO_INSTALL);

/** More than the first page of a snapshot has. */
const ASSETS = 700;

describe.skipIf(executable === undefined)('the first sync of a library of more than one page', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await Stand.open(executable!);
    const page = await stand.tab(await stand.context());
    await until(page, () => device.session.state.get()?.phase === 'set_up');
    await page.evaluate((owner) => device.session.setUp(owner), { ...OWNER, code: stand.server.setupCode! });
    await page.context().close();
    await fill(stand);
  });
  afterAll(() => stand?.close());

  test('shows every photo once, also where the page is loaded again in the middle of it', async () => {
    const page = await stand.signedIn();
    await until(page, () => seen.count > 500);
    await page.reload();
    await follow(page);
    await until(page, (wanted: number) => seen.count === wanted, ASSETS);
    // All of it lies in the database then, and stays when nothing is shown ahead any more.
    await until(page, () => device.session.surroundings.get()?.firstSync === null);
    const ids = await page.evaluate(async () => {
      const found: string[] = [];
      for (let from = 0; from < seen.count; from += 2000) found.push(...((await device.collections.rows({ of: 'library' }, seen.version, from, 2000))?.ids ?? []));
      return found;
    });
    expect(new Set(ids).size).toBe(ASSETS);
    const view = await page.evaluate((id) => device.assets.get(id as never), ids.at(-1)!);
    expect(view?.asset.id).toBe(ids.at(-1));
  });

  test('a browser that has nothing, not even its database yet, shows what the server says to its session, and goes on with it', async () => {
    const { context, page, comes } = await early(stand, OWNER);
    await until(page, () => device.session.state.get()?.phase === 'signed_in' && seen.count > 0);
    const first = await page.evaluate(() => seen.count);
    expect(first).toBeLessThan(ASSETS);
    await page.evaluate(() => {
      Object.assign(globalThis, { phases: [] });
      device.session.state.subscribe(() => phases.push(device.session.state.get()?.phase ?? ''));
    });
    comes();
    await until(page, (wanted: number) => seen.count === wanted, ASSETS);
    await until(page, () => device.session.surroundings.get()?.firstSync === null);
    expect(new Set(await page.evaluate(() => phases))).not.toContain('starting');
    const ids = await page.evaluate(async () => (await device.collections.rows({ of: 'library' }, seen.version, 0, 2000))?.ids ?? []);
    expect(new Set(ids).size).toBe(ASSETS);
    await context.close();
  });

  test('and where that session was ended meanwhile, nothing of it, also for who signs in next', async () => {
    const other = { email: 'grace@example.com', password: 'another long password' };
    const { context, page, comes } = await early(stand, OWNER);
    const headers = { origin: stand.wire.url };
    expect((await context.request.post(`${stand.wire.url}/api/v1/accounts`, { headers, data: { ...other, name: 'Grace', plan: '5GB' } })).status()).toBe(201);
    await until(page, () => device.session.state.get()?.phase === 'signed_in' && seen.count > 0);
    await context.request.delete(`${stand.wire.url}/api/v1/session`, { headers });
    comes();
    await until(page, () => device.session.state.get()?.phase === 'signed_out');
    const nothing = { ok: true, value: { library: 0 } };
    expect(await page.evaluate(() => device.collections.counts())).toMatchObject(nothing);
    expect(await page.evaluate((who) => device.session.signIn(who), other)).toMatchObject({ ok: true });
    await until(page, () => device.session.surroundings.get()?.firstSync === null);
    expect(await page.evaluate(() => device.collections.counts())).toMatchObject(nothing);
    await until(page, () => seen.count === 0);
    await context.close();
  });
});

/** A browser that has a session and nothing else, whose SQLite does not come until `comes` is called. */
async function early(stand: Stand, { email, password }: { readonly email: string; readonly password: string }) {
  const context = await stand.context();
  await context.request.post(`${stand.wire.url}/api/v1/session`, { headers: { origin: stand.wire.url }, data: { email, password, device: { name: 'new', kind: 'browser' } } });
  const comes = await withoutSqlite(context);
  return { context, comes, page: await stand.tab(context) };
}

/** Rows as uploads leave them, straight into the tables. */
async function fill({ server }: Stand): Promise<void> {
  const { db } = server.services;
  const { id: library } = await db.selectFrom('library').select('id').executeTakeFirstOrThrow();
  const assets = Array.from({ length: ASSETS }, (_, at) => {
    const sha256 = createHash('sha256').update(`photo ${at}`).digest('hex') as Sha256;
    return { at, sha256, id: deriveAssetId(library, sha256) };
  });
  await db.transaction().execute(async (trx) => {
    for (let first = 0; first < ASSETS; first += 500) {
      const some = assets.slice(first, first + 500);
      await trx
        .insertInto('asset')
        .values(some.map(({ at, sha256, id }) => ({ library_id: library, seq: at + 1, actor: 'server' as const, foreign_seq: 0, offer_seq: null, id, state: 'live' as const, trashed_at: null, media_kind: 'photo' as const, primary_sha256: sha256, added_at: 1, captured_at: at * 3_600_000, capture_offset_minutes: null, latitude: null, longitude: null, altitude: null, favourite: 0, hidden: 0, archived: 0, caption: null, details: null, content_identifier: null, stem: `img_${at}`, joined_to: null, screenshot: 0, described: 1, edit_seq: at + 1 })))
        .execute();
      await trx.insertInto('asset_resource').values(some.map(({ at, sha256, id }) => ({ library_id: library, asset_id: id, ordinal: 0, role: 'photo' as const, sha256, bytes: 1000, name: `IMG_${at}.JPG`, media_type: 'image/jpeg' }))).execute();
    }
    await trx.updateTable('library').set({ head: ASSETS }).execute();
    // Kept of the empty library when the owner signed in: all of it would come by the log.
    for (const table of ['snapshot_chunk', 'snapshot'] as const) await trx.deleteFrom(table).execute();
  });
}
