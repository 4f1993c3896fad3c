import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { launch } from '../harness/chromium.ts';
import { OWNER, Stage } from '../harness/processes.ts';
import { builtApp } from './built-app.ts';
import { pathsIn, writePhotos } from './photos.ts';
import { cell, chromium, desk, phone } from './stand.ts';

describe.skipIf(chromium === undefined)('the first run', () => {
  let stage: Stage;
  let browser: Browser;
  let server: { readonly url: string; readonly setupCode: string };

  beforeAll(async () => {
    await builtApp();
    stage = await Stage.open();
    const child = stage.start(['serve', '--json'], { EVERROLL_DATA: join(stage.path, 'data'), EVERROLL_HOST: '127.0.0.1', EVERROLL_PORT: '0', EVERROLL_HOME: join(stage.path, 'home') });
    for await (const line of createInterface({ input: child.stdout! })) {
      server = JSON.parse(line) as typeof server;
      break;
    }
    browser = await launch(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  test('from an empty server to photos on a second browser: an account, photos from a folder, signing in elsewhere', async () => {
    const page = await (await browser.newContext(desk)).newPage();
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Create account' }).click();
    expect(await page.getByText('A password has at least 10 characters.').count()).toBe(1);
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByLabel('Set-up code').fill(server.setupCode);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Your photos will be here').waitFor();

    await writePhotos(join(stage.path, 'photos'));
    const paths = await pathsIn(join(stage.path, 'photos'), 6);
    await page.getByLabel('Photos and videos').first().setInputFiles(paths);
    await page.getByRole('region', { name: 'Adding photos' }).waitFor();
    await page.getByRole('link', { name: 'Everything is saved' }).waitFor();
    await cell(page, 0).locator('img[data-here]').waitFor();
    await expect.poll(() => page.locator('.cell').count()).toBe(paths.length);

    const other = await (await browser.newContext(phone)).newPage();
    await other.goto(server.url);
    await other.getByLabel('E-mail').fill(OWNER.email);
    await other.getByLabel('Password').fill('a wrong password');
    await other.getByRole('button', { name: 'Sign in' }).tap();
    await other.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor();
    await other.getByLabel('Password').fill(OWNER.password);
    await other.getByRole('button', { name: 'Sign in' }).tap();
    await cell(other, 0).locator('img[data-here]').waitFor();
    await expect.poll(() => other.locator('.cell').count()).toBe(paths.length);
  });
});
