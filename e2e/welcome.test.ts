import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, settingsFrom, type RunningServer } from '@everroll/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findChromium, HOW_TO_INSTALL, launch } from './harness/chromium.ts';
import { Stage } from './harness/processes.ts';

const executable = findChromium();
if (executable === undefined) console.warn(HOW_TO_INSTALL);

/** With EVERROLL_SCREENSHOTS=FOLDER each page is kept as a picture. */
const pictures = process.env['EVERROLL_SCREENSHOTS'];

const looks = [
  { name: 'desk-light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'desk-dark', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'phone-light', width: 390, height: 844, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
] as const;

describe.skipIf(executable === undefined)('the first page in a browser', () => {
  let browser: Browser;
  let stage: Stage;
  let server: RunningServer;
  beforeAll(async () => {
    browser = await launch(executable!);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    stage = await Stage.open();
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    server = await startServer(settingsFrom({ EVERROLL_DATA: join(stage.path, 'data'), EVERROLL_PORT: '0' }), { log: silent });
  });
  afterEach(async () => {
    await server.close();
    await stage.close();
  });

  test.each(looks)('makes the owner’s account and then says how to connect a device: $name', async ({ name, width, height, colorScheme }) => {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('request', (request) => void (new URL(request.url()).origin !== server.url && complaints.push(`asks for ${request.url()}`)));

    await page.goto(`${server.url}/?code=${server.setupCode}`);
    await look(page, `setup-${name}`);
    await page.getByLabel('Name').fill('Ada');
    await page.getByLabel('E-mail').fill('ada@example.com');
    await page.getByLabel('Password').fill('correct horse battery');
    const code = await page.getByLabel('Set-up code').inputValue();
    await page.getByLabel('Set-up code').fill('wrong-wrong-wrong-wrong');
    await page.getByRole('button', { name: 'Create account' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('set-up code is wrong');
    await look(page, `setup-wrong-${name}`);
    // What was typed is still there, but for the password.
    expect(await page.getByLabel('E-mail').inputValue()).toBe('ada@example.com');
    await page.getByLabel('Set-up code').fill(code);
    await page.getByLabel('Password').fill('correct horse battery');
    await page.keyboard.press('Enter');
    await page.getByText('Everroll is running').waitFor();
    expect(await page.locator('pre').first().textContent()).toContain(server.url);
    await look(page, `running-${name}`);
    expect(complaints.filter((text) => !text.includes('favicon') && !text.includes('403') && !text.includes('400'))).toEqual([]);
    await context.close();

    const signIn = await fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery', device: { name: 'phone', kind: 'phone' } }),
    });
    expect(signIn.status).toBe(201);
  });
});

/** No page is wider than its window; with a folder for it, the picture is kept. */
async function look(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(overflow).toBeLessThanOrEqual(0);
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}
