import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { cell, chromium, desk, go, phone, viewer, WebStand } from './stand.ts';

/**
 * `node e2e/web/readme-pictures.ts`: the four pictures of the README, of the app as it is, on photos that are
 * drawn and nobody's.
 */
if (chromium === undefined) throw new Error('It needs Chromium.');
const folder = join(import.meta.dirname, '..', '..', 'docs', 'images');
await mkdir(folder, { recursive: true });
const stand = await WebStand.open(chromium, 'drawn');
try {
  const light = await stand.signedIn({ ...desk, colorScheme: 'light' });
  await take(light, 'timeline');
  await go(light, '/health');
  await light.locator('.checks:not([aria-busy="true"]) .check').first().waitFor();
  await take(light, 'sync-health');
  const dark = await stand.signedIn({ ...desk, colorScheme: 'dark' });
  await cell(dark, 2).click();
  await viewer(dark).locator('[data-current] img[data-here]').nth(1).waitFor();
  await viewer(dark).getByRole('button', { name: 'Information' }).click();
  await dark.getByRole('complementary', { name: 'Information' }).getByText('Verified on the server').first().waitFor();
  await take(dark, 'viewer');
  await take(await stand.signedIn({ ...phone, colorScheme: 'dark' }), 'phone');
} finally {
  await stand.close();
}

async function take(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  // Photos are asked for a moment after the page is there.
  while (!(await page.evaluate<boolean>("[...document.querySelectorAll('.cell')].every((cell) => cell.getBoundingClientRect().top >= innerHeight || cell.querySelector('img[data-here]') !== null)"))) await page.waitForTimeout(50);
  await sharp(await page.screenshot({ animations: 'disabled' })).webp({ quality: 82 }).toFile(join(folder, `${name}.webp`));
}
