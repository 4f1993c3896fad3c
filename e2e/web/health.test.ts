import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { pathsIn } from './photos.ts';
import { cell, chromium, desk, go, toast, viewer, WebStand } from './stand.ts';

const LATER = { timeout: 60_000, interval: 300 };

describe.skipIf(chromium === undefined)('sync health of all devices, and of one photo', () => {
  let stand: WebStand;
  let page: Page;
  beforeAll(async () => {
    stand = await WebStand.open(chromium!);
    page = await stand.signedIn(desk);
    await go(page, '/health');
  });
  afterAll(() => stand?.close());

  const row = () => page.locator('.device').filter({ hasText: 'Computer' }).or(page.locator('.device').filter({ hasNotText: 'This browser' })).first();
  /** The seven checks have run: nothing on the page changes its colour any more. */
  const looked = () => page.getByRole('button', { name: 'Check again' }).waitFor();
  const settings = async () => {
    const { devices } = await stand.agent.ask<{ devices: { current: boolean; id: string }[] }>(['devices']);
    return (await stand.agent.ask<{ settings: { sync: boolean; power: string; originals: string } }>(['devices', 'show', devices.find(({ current }) => current)!.id.slice(0, 12)])).settings;
  };

  test('the agent’s state stands beside this browser’s, and its switches are set from here', async () => {
    await row().getByText('Everything is saved').waitFor();
    await looked();
    // What the checks find lands where they stood: it pushes away nothing that a person is about to press.
    await page.evaluate(`{
      const place = () => document.querySelector('.seek').getBoundingClientRect().top;
      window.places = [place()];
      new MutationObserver(() => window.places.push(place())).observe(document.querySelector('.checks').parentElement, { subtree: true, childList: true, attributes: true });
    }`);
    await page.getByRole('button', { name: 'Check again' }).click();
    await expect.poll(() => page.evaluate('window.places.length'), LATER).toBeGreaterThan(2);
    await looked();
    expect(await page.evaluate('new Set(window.places).size')).toBe(1);
    await row().locator('button.words').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Up to date').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByText('Sync this device').click();
    await dialog.getByRole('switch', { name: /^Sync this device/, checked: false }).waitFor();
    await dialog.getByText('On Wi-Fi only').click();
    await dialog.getByText('Optimise storage').click();
    await dialog.getByRole('switch', { name: /^Optimise storage/, checked: true }).waitFor();
    await expect.poll(settings, LATER).toMatchObject({ sync: false, power: 'wifi', originals: 'optimise' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('it obeys, and says so here without a reload; what waits there is told with its reason', async () => {
    const [photo] = await pathsIn(join(stand.stage.path, 'photos'), 1);
    await copyFile(photo!, join(stand.stage.path, 'photos', 'not yet.jpg'));
    expect((await stand.agent.sync(3)).reasons.map(({ code }) => code)).toContain('sync_off');
    await row().getByText('Sync is switched off').waitFor();
    await row().getByText('Syncing is switched off on this device.').waitFor();
    await stand.agent.ask(['set', 'sync=on', 'power=always', 'originals=keep']);
    await stand.agent.sync();
    await row().getByText('Everything is saved').waitFor();
  });

  test('“why is this photo not here?” finds it by its file whatever it is called, and by a part of its name', async () => {
    const [photo] = await pathsIn(join(stand.stage.path, 'photos'), 1);
    const other = join(stand.stage.path, 'called otherwise.bin');
    await copyFile(photo!, other);
    const file = page.locator('.seek input[type=file]');
    const answer = page.locator('section').filter({ has: page.locator('.seek') });
    await file.setInputFiles(other);
    await answer.getByText('It is in your library.').waitFor();
    await answer.getByText('The original is verified on the server.').waitFor();
    await answer.getByRole('link', { name: 'Show it' }).click();
    await viewer(page).waitFor();

    // Deleted: the same question has another answer, wherever the name came from.
    await page.keyboard.press('Delete');
    await toast(page, 'moved to Recently Deleted').waitFor();
    await go(page, '/health');
    await file.setInputFiles(other);
    await answer.getByText('It is in Recently Deleted.').waitFor();
    await answer.getByText(/It goes for good in \d+ days/).waitFor();

    // For good: the library has forgotten its name, and knows its bytes.
    await go(page, '/deleted');
    await cell(page, 0).waitFor();
    await page.getByRole('button', { name: 'Delete all for good' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: /^Delete/ }).click();
    await toast(page, 'deleted for good').waitFor();
    await go(page, '/health');
    await file.setInputFiles(other);
    await answer.getByText('It was deleted for good.').waitFor();

    // The checks say by now that something was deleted, or do not: the button stands still for the press.
    await looked();
    await answer.getByLabel('Name of the file').fill('no such name');
    await answer.getByRole('button', { name: 'Look for it' }).click();
    await answer.getByText('Neither the library nor this browser has it.').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
