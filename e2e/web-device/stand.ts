import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, settingsFrom, startServer } from '@everroll/server';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import type { Device } from '../../apps/web/src/device/contract.ts';
import { launch } from '../harness/chromium.ts';
import { buildSite } from './site.ts';
import { Wire } from './wire.ts';

declare const device: Device;
/** What `follow` keeps of this page. */
declare const seen: { count: number; version: number };

export const OWNER = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' } as const;

/** A server, a browser, and pages that are the device alone. */
export class Stand {
  readonly #folder: string;
  readonly browser: Browser;
  readonly server: RunningServer;
  /** What pages ask goes through it. */
  readonly wire: Wire;

  private constructor(folder: string, browser: Browser, server: RunningServer, wire: Wire) {
    this.#folder = folder;
    this.browser = browser;
    this.server = server;
    this.wire = wire;
  }

  static async open(executable: string): Promise<Stand> {
    const folder = await mkdtemp(join(tmpdir(), 'everroll-web-'));
    await buildSite('device-page', join(folder, 'site'));
    const server = await start(folder);
    return new Stand(folder, await launch(executable), server, await Wire.open(() => server.url));
  }

  /** Another browser as far as a server can tell: its own store and its own cookie. */
  context(): Promise<BrowserContext> {
    return this.browser.newContext();
  }

  /** A tab of it. */
  async tab(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(this.wire.url);
    await follow(page);
    return page;
  }

  async signedIn(): Promise<Page> {
    const page = await this.tab(await this.context());
    const { email, password } = OWNER;
    await until(page, () => device.session.state.get()?.phase === 'signed_out');
    const outcome = await page.evaluate((who) => device.session.signIn(who), { email, password });
    if (!outcome.ok) throw new Error(outcome.failure.code);
    return page;
  }

  /** The server cannot be reached meanwhile. */
  async away(meanwhile: () => Promise<void>): Promise<void> {
    this.wire.cut = true;
    this.wire.cutOff();
    await meanwhile();
    this.wire.cut = false;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.wire.close();
    await this.server.close();
    await rm(this.#folder, { recursive: true, maxRetries: 5 });
  }
}

async function start(folder: string): Promise<RunningServer> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return startServer(settingsFrom({ EVERROLL_DATA: join(folder, 'data'), EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '1', EVERROLL_WEB: join(folder, 'site') }), { log: silent });
}

/** SQLite does not come until the returned function is called: what is shown meanwhile is not the database's. */
export async function withoutSqlite(context: BrowserContext): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hold = async (route: Route): Promise<void> => {
    await promise;
    await route.continue();
  };
  await context.route('**/*.wasm', hold, { times: 1 });
  return resolve;
}

/** Follows in a page what the interface would follow. */
export async function follow(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const watched of [device.session.state, device.session.surroundings, device.uploads.summary, device.changes.pending, device.albums.list, device.health.status]) watched.subscribe(() => undefined);
    Object.assign(globalThis, { seen: { count: -1, version: 0 } });
    device.collections.open({ of: 'library' }, ({ count, version }) => Object.assign(seen, { count, version }));
  });
}

const BETWEEN_LOOKS_MS = 50;

/** Waits until something holds in a page; what the device says of itself where it does not come to that. */
export async function until<Argument>(page: Page, holds: (argument: Argument) => unknown, argument?: Argument): Promise<void> {
  const deadline = Date.now() + 60_000;
  // Asked anew each time, as `waitForFunction` takes a promise for a yes.
  while (!(await page.evaluate(holds as (given: unknown) => unknown, argument))) {
    await page.waitForTimeout(BETWEEN_LOOKS_MS);
    if (Date.now() < deadline) continue;
    const said = await page.evaluate(() => JSON.stringify([seen, device.session.state.get(), device.session.surroundings.get(), device.changes.pending.get(), device.uploads.summary.get(), device.health.status.get()]));
    throw new Error(`it did not come to hold: ${holds.toString()}\n${said}`);
  }
}

/** A person chooses files. */
export async function choose(page: Page, files: readonly { readonly path: string; readonly content: Uint8Array }[]): Promise<void> {
  const plain = files.map(({ path, content }) => ({ path, base64: Buffer.from(content).toString('base64') }));
  await page.evaluate(async (chosen) => {
    const picked = chosen.map(({ path, base64 }) => ({ path, file: new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], path.split('/').at(-1) ?? '', { lastModified: 1_700_000_000_000 }) }));
    const added = await device.uploads.add(picked);
    if (!added.ok) throw new Error(added.failure.code);
  }, plain);
}
