import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findChromium, HOW_TO_INSTALL, launch } from '../harness/chromium.ts';
import { DeviceProcess } from '../harness/device.ts';
import { OWNER, Stage } from '../harness/processes.ts';
import { ServerProcess } from '../harness/server.ts';
import { builtApp } from './built-app.ts';
import { type Wanted, writePhotos } from './photos.ts';

export const chromium = findChromium();
if (chromium === undefined) console.warn(HOW_TO_INSTALL);

/** The two windows that everything is to work in. */
export const desk: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' };
export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, reducedMotion: 'reduce' };

/** What the server has not read by then, with nothing else being read, cannot be read. */
const UNREADABLE_MS = 30_000;

const opened = new Set<Page>();
// Pictures of the pages are taken from here too, without a test that could fail.
if (process.env['VITEST'] !== undefined) {
  const { afterEach } = await import('vitest');
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    for (const page of opened) {
      // oxlint-disable-next-line no-await-in-loop -- one after another, so that they can be told apart
      const text = await page.innerText('body', { timeout: 2000 }).catch(String);
      console.error(`${task.name}: ${page.url()} showed:\n${text}`);
    }
  });
}

/** A server whose library an agent has filled, and browsers on it. */
export class WebStand {
  readonly stage: Stage;
  readonly server: ServerProcess;
  readonly agent: DeviceProcess;
  readonly browser: Browser;
  readonly photos: 'real' | 'drawn';

  private constructor(stage: Stage, server: ServerProcess, agent: DeviceProcess, browser: Browser, photos: 'real' | 'drawn') {
    this.stage = stage;
    this.server = server;
    this.agent = agent;
    this.browser = browser;
    this.photos = photos;
  }

  static async open(executable: string, wanted: Wanted = 'some'): Promise<WebStand> {
    await builtApp();
    const stage = await Stage.open();
    const photos = await writePhotos(join(stage.path, 'photos'), wanted);
    const server = await ServerProcess.start(stage, null);
    const agent = new DeviceProcess(stage, 'agent');
    await agent.signIn(server.url);
    await agent.addSource(join(stage.path, 'photos'));
    // What holds no byte is left out, and said so.
    await agent.run('sync');
    return new WebStand(stage, server, agent, await launch(executable), photos);
  }

  /** Waits until the server has looked into each file that can be read: what it finds moves photos to their days. */
  async allRead(): Promise<void> {
    let unread = Number.POSITIVE_INFINITY;
    for (let since = Date.now(); unread > 0 && Date.now() - since < UNREADABLE_MS; ) {
      // oxlint-disable-next-line no-await-in-loop -- asked again until it is so
      await this.agent.sync();
      // oxlint-disable-next-line no-await-in-loop
      const left = (await this.agent.assets()).filter(({ details }) => details === null).length;
      if (left < unread) since = Date.now();
      unread = left;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.stage.close();
  }

  /** A browser of its own, whose person has signed in and sees the library. */
  async signedIn(options: BrowserContextOptions): Promise<Page> {
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    opened.add(page);
    page.on('close', () => opened.delete(page));
    await page.goto(this.server.url);
    await page.getByLabel('E-mail').fill(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.cell img[data-here]').first().waitFor();
    return page;
  }
}

/** To a page of the app, as a link leads there. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
}

/** The cell of the n-th photo of a grid. */
export const cell = (page: Page, position: number) => page.locator(`.cell[data-position="${position}"]`);
export const viewer = (page: Page) => page.getByRole('dialog', { name: 'Photo viewer' });
export const toast = (page: Page, text: string | RegExp) => page.locator('.toast').filter({ hasText: text });
