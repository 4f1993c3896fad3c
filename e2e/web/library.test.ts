import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { OWNER } from '../harness/processes.ts';
import { cell, chromium, desk, go, phone, toast, viewer, WebStand } from './stand.ts';

/** Only what hangs runs into it. */
const patient = { timeout: 60_000, interval: 250 };

describe.skipIf(chromium === undefined)('the library in a browser', () => {
  let stand: WebStand;
  let page: Page;
  let count: number;
  let name: string;

  beforeAll(async () => {
    stand = await WebStand.open(chromium!);
    await stand.allRead();
    const assets = await stand.agent.assets();
    count = assets.length;
    name = assets[0]!.name;
    page = await stand.signedIn(desk);
  });
  afterAll(() => stand?.close());

  test('what an agent has saved stands in the timeline, all of it, each below its day', async () => {
    await page.getByText(`${count} photos`).waitFor();
    const rows = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
    expect(rows).toBeGreaterThan(1);
    expect(await page.getByRole('rowheader').count()).toBeGreaterThan(0);
    expect(await cell(page, 0).getAttribute('aria-label')).toMatch(/\d{4} \d\d:\d\d/);
  });

  test('by keyboard alone: along the photos, into the viewer, on, out, and back to where one was', async () => {
    await cell(page, 0).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.cell:focus').getAttribute('data-position')).toBe('2');
    await page.keyboard.press('Enter');
    await viewer(page).waitFor();
    const first = page.url();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL((url) => url.href !== first);
    await page.keyboard.press('i');
    await page.getByRole('complementary', { name: 'Information' }).getByText('Verified on the server').first().waitFor();
    await page.keyboard.press('i');
    await page.keyboard.press('Escape');
    await viewer(page).waitFor({ state: 'detached' });
    await page.locator('.cell:focus').waitFor();
  });

  test('a drag of the scrubber shows photos in the very frame of each move', async () => {
    const own = await stand.signedIn({ ...desk, viewport: { width: 900, height: 500 } });
    try {
      // One photo or two in a row: the library is many windows high.
      await own.evaluate("localStorage.setItem('everroll.density.wide', '6')");
      await own.reload();
      const rail = (await own.getByRole('slider').boundingBox())!;
      await own.evaluate(`(() => {
        globalThis.inFrames = [];
        addEventListener('pointermove', () => requestAnimationFrame(() => {
          const { top, bottom } = document.querySelector('.scroller').getBoundingClientRect();
          const boxes = [...document.querySelectorAll('.cell, .fast-cell')].map((each) => each.getBoundingClientRect());
          globalThis.inFrames.push(boxes.filter((box) => box.bottom > top && box.top < bottom).length);
        }));
      })()`);
      const at = (share: number) => [rail.x + rail.width / 2, rail.y + rail.height * share] as const;
      await own.mouse.move(...at(0.02));
      await own.mouse.down();
      for (const share of [0.5, 0.9, 0.2, 0.7, 0.05, 0.6, 0.98, 0.4]) await own.mouse.move(...at(share));
      await own.mouse.up();
      const shown = await own.evaluate<number[]>('globalThis.inFrames');
      expect(shown.length).toBeGreaterThan(4);
      expect(Math.min(...shown)).toBeGreaterThan(0);
    } finally {
      await own.context().close();
    }
  });

  test('the wheel enlarges what is under the pointer; a photo that a browser can draw comes in every pixel', async () => {
    const photo = page.getByRole('gridcell', { name: /^Photo/ }).first();
    await photo.click();
    const frame = viewer(page).locator('[data-current] .frame');
    await frame.locator('img[data-here]').first().waitFor();
    const before = (await frame.boundingBox())!.width;
    await page.mouse.move(500, 450);
    await page.mouse.wheel(0, -900);
    await expect.poll(async () => (await frame.boundingBox())!.width, patient).toBeGreaterThan(before * 2);
    await page.keyboard.press('0');
    await page.keyboard.press('Escape');
    await viewer(page).waitFor({ state: 'detached' });
  });

  test('a range is picked with the shift key, deleted in one act, and taken back by another', async () => {
    await cell(page, 0).hover();
    await cell(page, 0).locator('.pick').click();
    await cell(page, 3).click({ modifiers: ['Shift'] });
    await page.getByText('4 selected').waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
    await page.getByText(`${count - 4} photos`).waitFor();
    await toast(page, '4 photos moved to Recently Deleted').getByRole('button', { name: 'Undo' }).click();
    await page.getByText(`${count} photos`).waitFor();
    expect(await page.getByRole('toolbar').count()).toBe(0);
  });

  test('what is deleted can be recovered from Recently Deleted, which says how long it stays', async () => {
    await cell(page, 0).focus();
    await page.keyboard.press('Delete');
    await page.getByText(`${count - 1} photos`).waitFor();
    await go(page, '/deleted');
    await cell(page, 0).getByText(/^(29|30) days$/).waitFor();
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await cell(page, 0).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Recover' }).click();
    await page.getByText('Nothing was deleted').waitFor();
    await go(page, '/');
    await page.getByText(`${count} photos`).waitFor();
    expect(await cell(page, 0).count()).toBe(1);
  });

  test('an album: made of what is picked, filled by dragging, renamed, deleted without its photos', async () => {
    await cell(page, 1).hover();
    await cell(page, 1).locator('.pick').click();
    await page.getByRole('button', { name: 'Add to album' }).click();
    await page.getByLabel('New album').fill('Summer');
    await page.getByRole('button', { name: 'Create' }).click();
    const link = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Summer/ });
    await link.waitFor();
    await cell(page, 4).dragTo(link);
    await toast(page, '1 photo added to “Summer”').waitFor();
    await link.click();
    await page.getByRole('heading', { name: /Summer.*2 photos/ }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Rename album' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Autumn');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: /^Autumn/ }).waitFor();
    await stand.agent.sync();
    expect((await stand.agent.assets()).filter(({ albums }) => albums.includes('Autumn'))).toHaveLength(2);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete album' }).click();
    await page.getByText('No albums yet').waitFor();
    await go(page, '/');
  });

  test('hidden photos open with the password alone', async () => {
    await cell(page, 0).hover();
    await cell(page, 0).locator('.pick').click();
    await page.getByRole('toolbar').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Hide' }).click();
    await page.getByText(`${count - 1} photos`).waitFor();
    await go(page, '/hidden');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Show hidden photos' }).click();
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor();
    expect(await page.locator('.cell').count()).toBe(0);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Show hidden photos' }).click();
    await cell(page, 0).hover();
    await cell(page, 0).locator('.pick').click();
    await page.getByRole('toolbar').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Show again' }).click();
    await page.getByText('Nothing is hidden').waitFor();
    await go(page, '/');
    await page.getByText(`${count} photos`).waitFor();
  });

  test('search finds by a part of a file name', async () => {
    await go(page, '/search');
    await page.getByLabel('Search the library').fill(name.slice(0, -4));
    await cell(page, 0).waitFor();
    expect(await cell(page, 0).getAttribute('aria-label')).toMatch(/\d{4}/);
    // The words of a date find what was taken then, whatever it is called.
    const year = /\d{4}/.exec((await cell(page, 0).getAttribute('aria-label')) ?? '')?.[0] ?? '';
    await page.getByLabel('Search the library').fill(year);
    const taken = (await stand.agent.assets()).filter(({ capture }) => new Date(capture.at + (capture.offsetMinutes ?? 0) * 60_000).getUTCFullYear() === Number(year)).length;
    expect(taken).toBeGreaterThan(0);
    await expect.poll(async () => Number(/(\d+) photo/.exec((await page.getByRole('heading', { level: 1 }).textContent()) ?? '')?.[1] ?? 0), patient).toBeGreaterThanOrEqual(taken);
    await page.getByLabel('Search the library').fill('no photo is called this');
    await page.getByText('Nothing was found').waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.getByRole('heading', { name: 'Browse' }).waitFor();
    await go(page, '/');
  });

  test('a phone: a tap opens, a swipe goes on, a heart reaches the other browser and the agent', async () => {
    const hand = await stand.signedIn(phone);
    await cell(hand, 0).tap();
    await viewer(hand).locator('[data-current] img[data-here]').first().waitFor();
    const first = hand.url();
    await swipe(hand, 300, 80);
    await hand.waitForURL((url) => url.href !== first);
    await viewer(hand).getByRole('button', { name: 'Favourite' }).tap();
    await toast(hand, '1 photo added to favourites').waitFor();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Favourites\s*1$/ }).waitFor();
    await stand.agent.sync();
    expect((await stand.agent.assets()).filter(({ favourite }) => favourite)).toHaveLength(1);
    await viewer(hand).getByRole('button', { name: 'Close' }).tap();
    await hand.getByRole('link', { name: 'Albums' }).tap();
    await hand.getByRole('link', { name: /^Favourites/ }).tap();
    await hand.getByText('1 photo', { exact: true }).waitFor();
    await hand.context().close();
  });

  test('the server goes away: the timeline stays, a change is shown at once, and is sent when the server is back', async () => {
    await stand.server.stop();
    await page.getByRole('link', { name: 'Server not reached' }).waitFor();
    await cell(page, 5).focus();
    await page.keyboard.press('f');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /^Favourites\s*2$/ }).waitFor();
    await stand.server.start();
    await page.getByRole('link', { name: 'Everything is saved' }).waitFor();
    await stand.agent.sync();
    expect((await stand.agent.assets()).filter(({ favourite }) => favourite)).toHaveLength(2);
  });
});

/** One finger across the middle of the window. */
async function swipe(page: Page, from: number, to: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number) => session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y: 420 }] });
  await touch('touchStart', from);
  for (let step = 1; step <= 5; step += 1) await touch('touchMove', from + ((to - from) * step) / 5);
  await touch('touchEnd', to);
  await session.detach();
}
