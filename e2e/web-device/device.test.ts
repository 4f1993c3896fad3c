import { randomBytes } from 'node:crypto';
import { makeJpeg, makeLivePhoto } from '@everroll/media/samples';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device } from '../../apps/web/src/device/contract.ts';
import { findChromium, HOW_TO_INSTALL } from '../harness/chromium.ts';
import { choose, follow, OWNER, Stand, until } from './stand.ts';

declare const device: Device;
declare const seen: { count: number; version: number };
declare const renditionUrl: (library: string, asset: string, name: string, shown: string) => string;

const executable = findChromium();
if (executable === undefined) console.warn(HOW_TO_INSTALL);

/** One server and one library; each test leaves what the next one finds. */
describe.skipIf(executable === undefined)('a browser as a device', () => {
  let stand: Stand;
  let first: Page;
  beforeAll(async () => {
    stand = await Stand.open(executable!);
  });
  afterAll(() => stand.close());

  const library = (page: Page) => page.evaluate(() => device.collections.rows({ of: 'library' }, seen.version, 0, 100));
  const holds = (page: Page, count: number) => until(page, (wanted: number) => seen.count === wanted, count);

  test('the owner sets the server up, and is signed in', async () => {
    first = await stand.tab(await stand.context());
    await until(first, () => device.session.state.get()?.phase === 'set_up');
    const wrong = await first.evaluate((owner) => device.session.setUp({ ...owner, code: 'wrong' }), OWNER);
    expect(wrong).toMatchObject({ ok: false, failure: { code: 'setup_refused' } });
    expect(await first.evaluate((owner) => device.session.setUp(owner), { ...OWNER, code: stand.server.setupCode! })).toEqual({ ok: true });
    const state = await first.evaluate(() => device.session.state.get());
    expect(state).toMatchObject({ phase: 'signed_in', halted: null, member: { account: { email: OWNER.email, role: 'owner' } } });
    expect(await first.evaluate(() => device.session.surroundings.get())).toMatchObject({ role: 'leader', persisted: true, fault: null });
  });

  test('what a person chose is copied, hashed, sent and verified, and stands in the timeline with its facts', async () => {
    const { still, video } = makeLivePhoto({ seed: 1 });
    await choose(first, [
      { path: 'trip/IMG_1.JPG', content: makeJpeg({ seed: 2, capturedAt: Date.UTC(2024, 4, 6, 5, 8, 9), offsetMinutes: 120 }) },
      { path: 'trip/IMG_2.JPG', content: still },
      { path: 'trip/IMG_2.MOV', content: video },
      { path: 'trip/empty.jpg', content: new Uint8Array(0) },
    ]);
    // The copies, and the file that is left out, are told of each by itself.
    await until(first, () => {
      const { byState } = device.uploads.summary.get() ?? {};
      return byState?.verified === 3 && byState.excluded === 1 && byState.copying === 0;
    });
    expect(await first.evaluate(() => device.uploads.summary.get())).toMatchObject({ total: 4, byState: { verified: 3, excluded: 1, failed: 0, waiting: 0, uploading: 0, copying: 0 } });
    await holds(first, 2);
    const { rows, view } = await first.evaluate(async () => {
      const page = await device.collections.rows({ of: 'library' }, seen.version, 0, 10);
      const found = page!.ids[page!.localTimes.indexOf(Date.UTC(2024, 4, 6, 7, 8, 9))]!;
      return { rows: page!.ids.length, view: await device.assets.get(found) };
    });
    expect(rows).toBe(2);
    expect(view).toMatchObject({ onServer: true, asset: { capture: { offsetMinutes: 120 }, resources: [{ name: 'IMG_1.JPG', role: 'photo' }] } });
    expect(await first.evaluate(() => device.collections.counts())).toMatchObject({ ok: true, value: { library: 2, kinds: { live_photos: 1 } } });
  });

  test('its thumbnail has an address that opens with the session', async () => {
    const type = await first.evaluate(async () => {
      const state = device.session.state.get();
      const rows = await device.collections.rows({ of: 'library' }, seen.version, 0, 1);
      if (state?.phase !== 'signed_in' || rows === null) return null;
      for (;;) {
        const answer = await fetch(renditionUrl(state.member.library.id, rows.ids[0]!, 'thumb', rows.shown[0]!));
        if (answer.status !== 202) return answer.headers.get('content-type');
      }
    });
    expect(type).toMatch(/^image\//);
  });

  test('a second tab follows the first, its changes are shown in both, and it leads when the first one ends', async () => {
    const second = await stand.tab(first.context());
    await holds(second, 2);
    expect(await second.evaluate(() => device.session.surroundings.get()?.role)).toBe('follower');
    const made = await second.evaluate(async () => {
      const rows = await device.collections.rows({ of: 'library' }, seen.version, 0, 2);
      return await device.changes.make({ do: 'create_album', name: 'Trip', assets: rows!.ids });
    });
    expect(made).toMatchObject({ ok: true, value: { count: 1 } });
    await until(first, () => device.albums.list.get()?.[0]?.count === 2);
    // It waits for an answer while its leader goes.
    const [counts] = await Promise.all([second.evaluate(() => device.collections.counts()), first.close()]);
    expect(counts).toMatchObject({ ok: true, value: { library: 2 } });
    await until(second, () => device.session.surroundings.get()?.role === 'leader');
    // Its own version of the collection is told after that it leads.
    await expect.poll(async () => (await library(second))?.ids.length).toBe(2);
    expect(await second.evaluate(() => device.albums.list.get())).toMatchObject([{ name: 'Trip', count: 2 }]);
    first = second;
  });

  test('another browser joins by a code and sees the library; what one changes the other shows', async () => {
    const invited = await first.evaluate(() => device.session.invite());
    if (!invited.ok) throw new Error(invited.failure.code);
    const code = invited.value.url.split('/').at(-1)!;
    const other = await stand.tab(await stand.context());
    await until(other, () => device.session.state.get()?.phase === 'signed_out');
    expect(await other.evaluate((given) => device.session.join(given), code)).toEqual({ ok: true });
    expect(await other.evaluate((given) => device.session.join(given), code)).toMatchObject({ ok: false, failure: { code: 'link_expired' } });
    await holds(other, 2);
    const favourite = await first.evaluate(async () => {
      const rows = await device.collections.rows({ of: 'library' }, seen.version, 0, 1);
      return await device.changes.make({ do: 'favourite', assets: rows!.ids, on: true });
    });
    if (!favourite.ok) throw new Error(favourite.failure.code);
    await until(other, async () => {
      const counts = await device.collections.counts();
      return counts.ok && counts.value.favourites === 1;
    });
    // What is taken back is as it was, everywhere.
    await first.evaluate((undo) => device.changes.undo(undo!), favourite.value.undo);
    await until(other, async () => {
      const counts = await device.collections.counts();
      return counts.ok && counts.value.favourites === 0;
    });
    await other.context().close();
  });

  test('changes made while the server is away are shown at once, kept over a reload, and merged', async () => {
    const other = await stand.signedIn();
    await holds(other, 2);
    await stand.away(async () => {
      const changed = await first.evaluate(async () => {
        const rows = await device.collections.rows({ of: 'library' }, seen.version, 0, 1);
        await device.changes.make({ do: 'caption', asset: rows!.ids[0]!, caption: 'At the lake' });
        return await device.changes.make({ do: 'delete', assets: rows!.ids });
      });
      expect(changed).toMatchObject({ ok: true, value: { count: 1 } });
      await holds(first, 1);
      expect(await first.evaluate(() => device.changes.pending.get()?.count)).toBe(2);
      await until(first, () => device.session.surroundings.get()?.fault?.code === 'server_unreachable');
      await other.evaluate(async () => {
        const rows = await device.collections.rows({ of: 'library' }, seen.version, 1, 1);
        return await device.changes.make({ do: 'favourite', assets: rows!.ids, on: true });
      });
    });
    await first.reload();
    await follow(first);
    await holds(first, 1);
    await first.evaluate(() => device.session.tryNow());
    await other.evaluate(() => device.session.tryNow());
    await until(first, () => device.changes.pending.get()?.count === 0);
    await holds(other, 1);
    for (const page of [first, other]) {
      await until(page, async () => {
        const counts = await device.collections.counts();
        return counts.ok && counts.value.favourites === 1 && counts.value.deleted === 1;
      });
    }
    await other.context().close();
  });

  test('an upload goes on from the last stored byte when the page is loaded again in its middle', async () => {
    const content = new Uint8Array(randomBytes(17 * 1024 * 1024));
    const offsets = (): number[] => stand.wire.passed.filter(({ method, path }) => method === 'PATCH' && path.startsWith('/api/v1/uploads/')).map(({ headers }) => Number(headers['upload-offset']));
    const before = offsets().length;
    // One chunk of it is stored, and no more gets through.
    stand.wire.cuts = ({ method, headers }) => method === 'PATCH' && headers['upload-offset'] !== '0';
    await choose(first, [{ path: 'long.jpg', content }]);
    await until(first, async () => (await device.uploads.items(0, 10)).some(({ name, reason }) => name === 'long.jpg' && reason?.code === 'server_unreachable'));
    expect(offsets().slice(before)).toEqual([0]);
    await first.reload();
    stand.wire.cuts = () => false;
    await follow(first);
    await first.evaluate(() => device.session.tryNow());
    await until(first, async () => (await device.uploads.items(0, 10)).some(({ name, state }) => name === 'long.jpg' && state === 'verified'));
    expect(offsets().slice(before)).toEqual([0, 16 * 1024 * 1024]);
  });

  test('a browser that leaves keeps nothing, unless something is here alone', async () => {
    await stand.away(async () => {
      await first.evaluate(() => device.changes.make({ do: 'create_album', name: 'Only here', assets: [] }));
      expect(await first.evaluate(() => device.session.leave({ evenIfAtRisk: false }))).toMatchObject({ ok: true, value: { left: false, atRisk: { changes: 1 } } });
    });
    await first.evaluate(() => device.session.tryNow());
    await until(first, () => device.changes.pending.get()?.count === 0);
    expect(await first.evaluate(() => device.session.leave({ evenIfAtRisk: false }))).toEqual({ ok: true, value: { left: true } });
    await until(first, () => device.session.state.get()?.phase === 'signed_out');
    expect(await first.evaluate(() => device.session.state.get())).toEqual({ phase: 'signed_out', remembered: null });
    await holds(first, 0);
  });
});
