import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch } from '../harness/chromium.ts';
import { OWNER } from '../harness/processes.ts';
import { violations } from './axe.ts';
import { weighCode } from './code-weight.ts';
import { tabTo } from './keyboard.ts';
import { pages } from './pages.ts';
import { cell, chromium, desk, go, phone, viewer, WebStand } from './stand.ts';

/** The page has some 113 of it, the worker with the engine 85. The aim is 200 for both. */
const TIMELINE_KB_MAX = 200;

describe.skipIf(chromium === undefined)('every page', () => {
  let stand: WebStand;
  beforeAll(async () => {
    stand = await WebStand.open(chromium!);
  });
  afterAll(() => stand?.close());

  test.each([
    ['a desk, light', { ...desk, colorScheme: 'light' as const }],
    ['a phone, dark', { ...phone, colorScheme: 'dark' as const }],
  ])('%s: axe finds nothing, nothing reaches over the window’s edge, and no error is told', async (_, options) => {
    const page = await stand.signedIn(options);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const found: Record<string, unknown> = {};
    const look = async (name: string): Promise<void> => {
      const wrong = await violations(page);
      if (wrong.length > 0) found[name] = wrong;
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (over > 0) found[`${name} is too wide`] = over;
    };
    for (const { name, path, ready } of pages) {
      await go(page, path);
      await page.locator(ready).first().waitFor();
      await look(name);
    }
    // A browser sees neither DNS nor TCP: what answers above them proves them, and is no "not known".
    await go(page, '/health');
    await page.locator('.check').filter({ hasText: 'Connection' }).getByText('All right').waitFor();
    await go(page, '/');
    await cell(page, 0).click();
    await viewer(page).locator('[data-current] img[data-here]').first().waitFor();
    await viewer(page).getByRole('button', { name: 'Information' }).click();
    await page.getByRole('complementary', { name: 'Information' }).getByText('Verified on the server').first().waitFor();
    await look('viewer');
    expect(found).toEqual({});
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('what the timeline needs is light: script and style, the worker’s included, SQLite apart', async () => {
    const context = await stand.browser.newContext(desk);
    const weigh = weighCode(context);
    await context.request.post(`${stand.server.url}/api/v1/session`, { headers: { origin: stand.server.url }, data: { ...OWNER, device: { name: 'scales', kind: 'browser' } } });
    const page = await context.newPage();
    await page.goto(stand.server.url);
    await page.locator('.cell img[data-here]').first().waitFor();
    const { kB, files } = weigh();
    expect(files.some((file) => file.includes('worker'))).toBe(true);
    if (kB > TIMELINE_KB_MAX) throw new Error(`${kB.toFixed(0)} kB:\n${files.join('\n')}`);
    await context.close();
  });

  test('by keyboard alone: signing in, the timeline, the viewer, an album, a setting', async () => {
    const context = await stand.browser.newContext(desk);
    const page = await context.newPage();
    await page.goto(stand.server.url);
    await page.getByLabel('E-mail').waitFor();
    await tabTo(page, /^E-mail/);
    await page.keyboard.type(OWNER.email);
    await tabTo(page, /^Password/);
    await page.keyboard.type(OWNER.password);
    await page.keyboard.press('Enter');
    await cell(page, 3).waitFor();

    // A photo of the timeline says what it is and when it was taken.
    await tabTo(page, /^(?:Photo|Video|Live Photo|RAW).*\d{4}/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await viewer(page).waitFor();
    const before = page.url();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL((url) => url.href !== before);
    await page.keyboard.press('Escape');
    await viewer(page).waitFor({ state: 'detached' });

    await tabTo(page, /^All albums/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'New album' }).first().waitFor();
    await tabTo(page, /^New album/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('By hand');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /By hand/ }).first().waitFor();
    await tabTo(page, /^By hand/);
    await page.keyboard.press('Enter');
    await page.getByText('This album is empty').waitFor();

    await tabTo(page, /^Settings/);
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: 'Sync this device', checked: true }).waitFor();
    await tabTo(page, /^Sync this device/);
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: 'Sync this device', checked: false }).waitFor();
    await tabTo(page, /^Sync this device/);
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: 'Sync this device', checked: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/settings');
    await context.close();
  });

  test('by plain http from another machine, where a browser gives no place to keep anything: it says so, and works', async () => {
    // A name that is none of this machine's own: no secure context (https://www.w3.org/TR/secure-contexts/).
    const browser = await launch(chromium!, ['--host-resolver-rules=MAP everroll.test 127.0.0.1']);
    const page = await (await browser.newContext(desk)).newPage();
    await page.goto(stand.server.url.replace('127.0.0.1', 'everroll.test'));
    expect(await page.evaluate('isSecureContext')).toBe(false);
    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.cell img[data-here]').first().waitFor();
    await page.getByText('Not kept in this browser').first().waitFor();
    await go(page, '/storage');
    await page.getByText('works online only').waitFor();
    await browser.close();
  });
});
