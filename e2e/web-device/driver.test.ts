import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, settingsFrom, startServer } from '@everroll/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, HOW_TO_INSTALL, launch } from '../harness/chromium.ts';
import { buildSite } from './site.ts';

const executable = findChromium();
if (executable === undefined) console.warn(HOW_TO_INSTALL);

declare const contract: { readonly names: Promise<readonly string[]>; run(name: string): Promise<string | null> };

describe.skipIf(executable === undefined)('the database of a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everroll-driver-'));
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    await buildSite('contract-page', join(folder, 'site'));
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    server = await startServer(settingsFrom({ EVERROLL_DATA: join(folder, 'data'), EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '0', EVERROLL_WEB: join(folder, 'site') }), { log: silent });
    browser = await launch(executable!);
    page = await browser.newPage();
    await page.goto(server.url);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  test('keeps the contract of Driver, each case of it', async () => {
    const names = await page.evaluate(() => contract.names);
    expect(names.length).toBeGreaterThanOrEqual(8);
    const faults: Record<string, string | null> = {};
    for (const name of names) faults[name] = await page.evaluate((each) => contract.run(each), name);
    expect(faults).toEqual(Object.fromEntries(names.map((name) => [name, null])));
  });
});
