import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { pathsIn } from './photos.ts';
import { cell, chromium, desk, go, phone, toast, viewer, WebStand } from './stand.ts';

/** A change is on its way to the server, and the agent fetches it. */
const LATER = { timeout: 90_000, interval: 300 };

/** What a library is put in order with; M11 as a person meets it. */
describe.skipIf(chromium === undefined)('dates, places, copies, memories', () => {
  let stand: WebStand;
  let page: Page;
  const outside: string[] = [];

  beforeAll(async () => {
    stand = await WebStand.open(chromium!);
    page = await stand.signedIn(desk);
    page.on('request', (request) => new URL(request.url()).origin !== stand.server.url && !request.url().startsWith('blob:') && !request.url().startsWith('data:') && outside.push(request.url()));
  });
  afterAll(() => stand?.close());

  const info = () => page.getByRole('complementary', { name: 'Information' });
  const corrected = async () => {
    await stand.agent.sync();
    return (await stand.agent.assets()).filter((asset) => asset.asTaken !== undefined);
  };

  test('one photo: another day, by which it stands elsewhere in the timeline; back to the camera’s', async () => {
    await cell(page, 0).focus();
    await page.keyboard.press('Enter');
    await viewer(page).waitFor();
    await page.keyboard.press('i');
    await info().getByRole('button', { name: 'Change date' }).click();
    await page.locator('input[type=date]').fill('1999-12-31');
    await page.getByLabel('Time', { exact: true }).fill('23:59:30');
    await page.getByLabel('Time zone').selectOption('UTC+5:30');
    await page.getByRole('button', { name: 'Save' }).click();
    await info().getByText('Friday, 31 December 1999').waitFor();
    await info().getByText('23:59 UTC+5:30').waitFor();
    // What is below a second nobody sets: the photo keeps it.
    await expect.poll(async () => (await corrected()).map(({ capture }) => [Math.floor(capture.at / 1000) * 1000, capture.offsetMinutes]), LATER).toEqual([[Date.parse('1999-12-31T18:29:30Z'), 330]]);
    await info().getByRole('button', { name: 'Change date' }).click();
    await page.getByRole('button', { name: /^Back to the camera’s: / }).click();
    await info().getByText('Friday, 31 December 1999').waitFor({ state: 'detached' });
    await expect.poll(corrected, LATER).toEqual([]);
  });

  test('one photo: a place by a town’s name, which the information then says', async () => {
    await info().getByRole('button', { name: /^(Change place|Add a place)$/ }).click();
    await page.getByLabel('Town').fill('suva');
    await page.getByRole('button', { name: /^Suva\s*Fiji$/ }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await info().getByText('Suva, Fiji').waitFor();
    await expect.poll(corrected, LATER).toMatchObject([{ place: { latitude: expect.closeTo(-18.14, 1), longitude: expect.closeTo(178.44, 1) } }]);
    await page.keyboard.press('Escape');
    await viewer(page).waitFor({ state: 'detached' });
  });

  test('search knows the place, as a suggestion and as a word', async () => {
    await go(page, '/search');
    await page.getByLabel('Search the library').fill('fiji');
    await cell(page, 0).waitFor();
    await page.getByText('1 photo', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    const place = page.locator('.suggestion').filter({ hasText: 'Place' }).first();
    const count = Number(await place.locator('.figures').textContent());
    await place.click();
    await page.getByText(count === 1 ? '1 photo' : `${count} photos`, { exact: true }).waitFor();
    expect(count).toBeGreaterThan(0);
    await go(page, '/');
  });

  test('many: their clock was an hour slow; undone in one act', async () => {
    const anHourLater = async (): Promise<void> => {
      await cell(page, 2).hover();
      await cell(page, 2).locator('.pick').click();
      await cell(page, 4).click({ modifiers: ['Shift'] });
      await page.getByRole('toolbar').getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Change date' }).click();
      await page.getByLabel('Hours').fill('1');
      await page.getByRole('button', { name: 'Save' }).click();
    };
    await anHourLater();
    await toast(page, 'Date of 3 photos changed').getByRole('button', { name: 'Undo' }).click();
    await toast(page, 'Undone').waitFor();
    await anHourLater();
    // Had the first one stayed, it would be two hours.
    await expect.poll(async () => (await corrected()).filter(({ capture, asTaken }) => capture.at === asTaken!.capture.at + 3_600_000), LATER).toHaveLength(3);
  });

  test('the map: a group opens its photos beside it; by keys and wheel it comes nearer; nobody outside is asked', async () => {
    await go(page, '/map?at=-18.14,178.44');
    const group = page.locator('.group').first();
    await group.click();
    const panel = page.getByRole('region', { name: 'Suva, Fiji' });
    await panel.locator('.cell').first().click();
    await viewer(page).waitFor();
    await page.keyboard.press('Escape');
    await viewer(page).waitFor({ state: 'detached' });
    await panel.getByRole('button', { name: 'Close' }).click();
    await panel.waitFor({ state: 'detached' });
    const map = page.getByRole('application', { name: 'Map' });
    const place = () => group.evaluate((element) => element.getBoundingClientRect().x);
    const [before, box] = [await place(), (await map.boundingBox())!];
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(place, LATER).toBeLessThan(before);
    await page.mouse.move(box.x + 30, box.y + box.height / 2);
    const still = await place();
    await page.mouse.wheel(0, -300);
    await expect.poll(place, LATER).toBeGreaterThan(still);
    expect(outside).toEqual([]);
    await go(page, '/');
  });

  test('on a phone one finger pulls the map, two enlarge it', async () => {
    const hand = await stand.signedIn(phone);
    await go(hand, '/map?at=-18.14,178.44');
    const group = hand.locator('.group').first();
    await group.waitFor();
    const place = () => group.evaluate((element) => element.getBoundingClientRect().x);
    const below = (await group.boundingBox())!.y + 110;
    const session = await hand.context().newCDPSession(hand);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) => session.send('Input.dispatchTouchEvent', { type, touchPoints: xs.map((x, id) => ({ x, y: below, id })) });
    const before = await place();
    await touch('touchStart', 300);
    for (let x = 290; x >= 220; x -= 10) await touch('touchMove', x);
    await touch('touchEnd');
    await expect.poll(place, LATER).toBeLessThan(before - 40);
    const pulled = await place();
    await touch('touchStart', 20, 60);
    for (let x = 70; x <= 140; x += 10) await touch('touchMove', 20, x);
    await touch('touchEnd');
    await expect.poll(place, LATER).toBeGreaterThan(pulled + 20);
    // A finger comes when the map is at rest, however busy the machine is that draws it.
    let last = Number.NaN;
    await expect.poll(async () => last === (last = await place()), LATER).toBe(true);
    // What a busy machine makes a finger hold for half a second is a long press to the browser, and no click: it taps again.
    const tapped = async (): Promise<void> => {
      await group.tap();
      await hand.getByRole('region', { name: 'Suva, Fiji' }).waitFor({ timeout: 5_000 });
    };
    await vi.waitFor(tapped, LATER);
    await hand.context().close();
  });

  test('copies stand side by side; one is kept with the heart and the album of the other, and it can be taken back', async () => {
    const [path = ''] = await pathsIn(join(stand.stage.path, 'photos'), 1);
    // A copy that a program has touched: another file of the same picture and moment.
    await writeFile(join(stand.stage.path, 'photos', 'from a friend.jpg'), Buffer.concat([await readFile(path), Buffer.from('sent by a friend')]));
    await stand.agent.sync();
    await stand.agent.ask(['edit', 'from a friend.jpg', '--favourite', '--caption', 'By the water']);
    await stand.agent.ask(['album', 'create', 'Shared']);
    await stand.agent.ask(['album', 'add', 'Shared', 'from a friend.jpg']);
    await stand.agent.sync();
    await go(page, '/duplicates');
    const card = page.locator('.duplicate').filter({ hasText: 'from a friend.jpg' });
    await card.getByText('By the water').waitFor();
    await card.locator('.copy').filter({ hasNotText: 'from a friend.jpg' }).getByRole('radio').check();
    await card.getByRole('button', { name: 'Keep one, delete the other' }).click();
    await card.waitFor({ state: 'detached' });
    const kept = async () => {
      await stand.agent.sync();
      return (await stand.agent.assets()).filter(({ albums }) => albums.includes('Shared')).map(({ name, favourite, caption }) => ({ name, favourite, caption }));
    };
    await expect.poll(kept, LATER).toEqual([{ name: basename(path), favourite: true, caption: 'By the water' }]);
    expect((await stand.agent.assets('--deleted')).map(({ name }) => name)).toEqual(['from a friend.jpg']);
    await go(page, '/deleted');
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await cell(page, 0).click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Recover' }).click();
    await page.getByText('Nothing was deleted').waitFor();
  });

  test('what was taken on this day a year ago is a memory, and plays', async () => {
    const today = await page.evaluate<string>("(() => { const now = new Date(); return [now.getFullYear() - 1, now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-'); })()");
    await stand.agent.ask(['edit', 'from a friend.jpg', '--date', `${today}T10:00`]);
    await stand.agent.sync();
    await go(page, '/');
    await page.getByRole('button', { name: 'On this day' }).click();
    await page.getByRole('region', { name: 'On this day' }).getByRole('button', { name: /^Play the photos of 1 year ago / }).click();
    const show = page.getByRole('dialog', { name: /^Play the photos of / });
    // Others of the set may have been taken on this day too.
    await show.getByRole('img', { name: /^Photo 1 of / }).waitFor();
    expect(await show.getByText('1 year ago').count()).toBe(1);
    await page.keyboard.press('Escape');
    await show.waitFor({ state: 'detached' });

    // Where no photo was opened before, it is over the page all the same.
    const other = await stand.signedIn(phone);
    await go(other, '/memories');
    await other.getByRole('button', { name: /^Play the photos of / }).first().click();
    await other.getByRole('dialog', { name: /^Play the photos of / }).getByRole('img').first().waitFor();
    expect(await other.evaluate("document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('.slideshow') !== null")).toBe(true);
    await other.context().close();
  });

  test('several originals are saved as one archive, each byte for byte', async () => {
    await go(page, '/');
    await cell(page, 1).hover();
    await cell(page, 1).locator('.pick').click();
    await cell(page, 3).click({ modifiers: ['Shift'] });
    await page.getByText('3 selected').waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('toolbar').getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Download' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('Everroll.zip');
    const archive = await readFile(await download.path());
    const whole = await Promise.all((await readdir(join(stand.stage.path, 'photos'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))));
    // Nothing in it is compressed: an original stands in it as it is.
    expect(whole.filter((original) => original.length > 100 && archive.includes(original)).length).toBeGreaterThanOrEqual(3);
  });
});
