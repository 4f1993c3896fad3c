import { makeJpeg } from '@everroll/media/samples';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Device } from '../../apps/web/src/device/contract.ts';
import { findChromium, HOW_TO_INSTALL } from '../harness/chromium.ts';
import { choose, follow, OWNER, Stand, until, withoutSqlite } from './stand.ts';

declare const device: Device;
declare const seen: { count: number; version: number };

const executable = findChromium();
if (executable === undefined) console.warn(HOW_TO_INSTALL);

/** What the browser keeps beside its file of columns; '': the next start asks the database. */
const note = (page: Page) =>
  page.evaluate<string>(`(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('everroll-catalogue');
    return (await (await folder.getFileHandle('standing')).getFile()).text();
  })()`);

/** Long enough for a page to have shown what it may. */
const SHOWN_MS = 1_500;

/** One server and one library; each test leaves what the next one finds. */
describe.skipIf(executable === undefined)('a browser that knows the library', () => {
  let stand: Stand;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    stand = await Stand.open(executable!);
    context = await stand.context();
    page = await stand.tab(context);
    await until(page, () => device.session.state.get()?.phase === 'set_up');
    await page.evaluate((owner) => device.session.setUp(owner), { ...OWNER, code: stand.server.setupCode! });
    await choose(page, [1, 2, 3].map((seed) => ({ path: `${seed}.jpg`, content: makeJpeg({ seed }) })));
    await until(page, () => device.uploads.summary.get()?.byState.verified === 3 && seen.count === 3);
  });
  afterAll(() => stand.close());

  const noted = () => expect.poll(() => note(page), { timeout: 60_000, interval: 250 }).toContain(OWNER.email);
  const again = async (): Promise<void> => {
    await page.close();
    page = await stand.tab(context);
  };
  const isShown = (count: number) => until(page, (wanted: number) => device.session.state.get()?.phase === 'signed_in' && seen.count === wanted, count);
  /** A session may be told of and a timeline counted only when the database says so. */
  const showsNothing = async (): Promise<void> => {
    await page.waitForTimeout(SHOWN_MS);
    expect(await page.evaluate(() => [device.session.state.get()?.phase ?? 'starting', seen.count])).toEqual(['starting', -1]);
  };

  test('shows the timeline before its database is open, and goes on with it as it is', async () => {
    await noted();
    const comes = await withoutSqlite(context);
    await again();
    await isShown(3);
    const early = await page.evaluate(() => ({ version: seen.version }));
    comes();
    expect(await page.evaluate(() => device.collections.counts())).toMatchObject({ ok: true, value: { library: 3 } });
    // The same version: what was read of it holds.
    expect(await page.evaluate(() => seen)).toMatchObject({ count: 3, version: early.version });
    expect(await page.evaluate(async () => (await device.collections.find({ of: 'library' }, (await device.collections.rows({ of: 'library' }, seen.version, 0, 1))!.ids[0]!))?.position)).toBe(0);
  });

  test('and so where the page is loaded again', async () => {
    await noted();
    const comes = await withoutSqlite(context);
    await page.reload();
    await follow(page);
    await isShown(3);
    comes();
    expect(await page.evaluate(() => device.collections.counts())).toMatchObject({ ok: true, value: { library: 3 } });
  });

  test('never a photo that was deleted since, however soon the tab was closed', async () => {
    await noted();
    await page.evaluate(async () => {
      const rows = await device.collections.rows({ of: 'library' }, seen.version, 0, 1);
      await device.changes.make({ do: 'delete', assets: rows!.ids });
    });
    expect(await note(page)).toBe('');
    const comes = await withoutSqlite(context);
    await again();
    await showsNothing();
    comes();
    await isShown(2);
  });

  test('nothing after signing out, until someone signs in again', async () => {
    await noted();
    expect(await page.evaluate(() => device.session.signOut())).toMatchObject({ ok: true });
    expect(await note(page)).toBe('');
    const comes = await withoutSqlite(context);
    await again();
    await showsNothing();
    comes();
    await until(page, () => device.session.state.get()?.phase === 'signed_out');
    await page.evaluate((who) => device.session.signIn(who), { email: OWNER.email, password: OWNER.password });
    await isShown(2);
    await noted();
  });

  test('a second tab shows what the one that leads says', async () => {
    await noted();
    const other = await context.newPage();
    await other.goto(stand.wire.url);
    await follow(other);
    await until(other, () => seen.count === 2);
    expect(await other.evaluate(() => seen.version)).toBe(await page.evaluate(() => seen.version));
    await page.close();
    page = other;
    await until(page, () => device.session.surroundings.get()?.role === 'leader');
    await isShown(2);
  });

  test('nothing of who has left this browser', async () => {
    await noted();
    await until(page, () => device.changes.pending.get()?.count === 0);
    expect(await page.evaluate(() => device.session.leave({ evenIfAtRisk: false }))).toEqual({ ok: true, value: { left: true } });
    const comes = await withoutSqlite(context);
    await again();
    await showsNothing();
    comes();
    await until(page, () => device.session.state.get()?.phase === 'signed_out');
    expect(await page.evaluate(() => device.session.state.get())).toEqual({ phase: 'signed_out', remembered: null });
  });
});
