import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages } from './pages.ts';
import { cell, chromium, desk, go, phone, viewer, WebStand } from './stand.ts';

declare const axe: { run(): Promise<AxeResults> };

/** What axe finds, in short: the rule, and the first place where it is broken. */
async function violations(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const { violations: found } = await page.evaluate(() => axe.run());
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ''}`).join(' | ')}`);
}

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
});
