import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cell, chromium, desk, go, phone, viewer, WebStand } from './stand.ts';
import { pages } from './pages.ts';

/**
 * `node e2e/web/screenshots.ts FOLDER`: a picture of every page, light and dark, on a desk and on a
 * phone, to be looked at.
 */
const folder = process.argv[2];
if (folder === undefined || chromium === undefined) throw new Error('node e2e/web/screenshots.ts FOLDER (with Chromium)');
await mkdir(folder, { recursive: true });
const stand = await WebStand.open(chromium, 'all');
await stand.allRead();
try {
  for (const [size, options] of Object.entries({ desk, phone })) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await stand.signedIn({ ...options, colorScheme });
      const take = (name: string) => page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), animations: 'disabled' });
      for (const { name, path, ready } of pages) {
        await go(page, path);
        await page.locator(ready).first().waitFor();
        await page.waitForLoadState('networkidle');
        await take(name);
      }
      await go(page, '/');
      await cell(page, 0).click();
      await viewer(page).locator('[data-current] img[data-here]').nth(1).waitFor();
      await take('viewer');
      await viewer(page).getByRole('button', { name: 'Information' }).click();
      await page.getByRole('complementary', { name: 'Information' }).getByText('Verified on the server').first().waitFor();
      await take('information');
      await go(page, '/');
      await viewer(page).waitFor({ state: 'detached' });
      await page.getByRole('gridcell', { name: /^Photo/ }).first().click();
      await viewer(page).getByRole('button', { name: 'Edit' }).click();
      const editor = page.getByRole('dialog', { name: 'Edit photo' });
      await editor.locator('canvas[data-here]').first().waitFor();
      for (const tool of ['Light', 'Filters', 'Crop']) {
        await editor.getByRole('radio', { name: tool }).click();
        await take(`editor-${tool.toLowerCase()}`);
      }
      await go(page, '/health');
      await viewer(page).waitFor({ state: 'detached' });
      const agent = page.locator('.device').filter({ hasNotText: 'This browser' }).first();
      await agent.locator('button.words').click();
      await page.getByRole('dialog').getByText('Sync this device').waitFor();
      await take('device');
      await page.keyboard.press('Escape');
      await page.getByLabel('Name of the file').fill('IMG');
      await page.getByRole('button', { name: 'Look for it' }).click();
      await page.locator('.seek ~ div .items').waitFor();
      await page.locator('.seek').scrollIntoViewIfNeeded();
      await take('why-not-here');
      await page.context().close();
    }
  }
} finally {
  await stand.close();
}
