import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { findChromium, HOW_TO_INSTALL, launchKept } from '../../e2e/harness/chromium.ts';
import { builtApp } from '../../e2e/web/built-app.ts';
import { type CodeWeight, weighCode } from '../../e2e/web/code-weight.ts';
import { largest, libraryOf } from '../libraries/libraries.ts';
import { type Options, scaled, type Table } from '../measure.ts';
import { probe, type Probed } from '../stand/page-probe.ts';
import { bareScroller } from '../stand/bare-scroller.ts';
import { cpuSeconds, processTree, start, temporaryFolder } from '../stand/processes.ts';
import { quantile } from '../statistics.ts';

const WINDOW = { width: 1440, height: 900 };
/** How long each way of scrolling goes on. */
const SCROLLED_MS = 8_000;
/** For what a busy machine takes long for: the measure is what it took. */
const PATIENCE_MS = 20 * 60_000;

/** The web app in Chromium on a large library: how soon, how smooth, how much. */
export async function web(options: Options): Promise<Table> {
  const executable = findChromium();
  if (executable === undefined) throw new Error(HOW_TO_INSTALL);
  await builtApp();
  const [most, many] = [scaled(1_000_000, options), scaled(100_000, options)];
  const rows: (string | number)[][] = [];
  const figures: Record<string, string> = {};
  for (const assets of [many, most].filter((size) => size <= largest)) {
    const server = await start<{ readonly url: string }>('web-server.ts', [], { folder: await libraryOf(assets) });
    const [first, second] = [await temporaryFolder(), await temporaryFolder()];
    try {
      const signInMs = await kept(executable, first, (context) => signInByHand(context, server.ready.url));
      const found = { signInMs, ...(await kept(executable, second, (context) => look(context, server.ready.url, assets))) };
      const of = assets.toLocaleString('en');
      const add = (what: string, value: string, aim: string): void => void rows.push([`${of}: ${what}`, value, assets === many ? aim : '']);
      add('first photo on screen, empty device with a session', `${found.emptyMs.toFixed(0)} ms`, '≤ 1,500 ms');
      add('… and the browser’s CPU until then', `${found.emptyCpuMs.toFixed(0)} ms`, '');
      add('first photo on screen, from “Sign in” on', `${found.signInMs.toFixed(0)} ms`, '');
      add('every photo stands in the timeline', `${(found.wholeMs / 1000).toFixed(1)} s`, '');
      add('… and in the replica’s SQLite', `${(found.storedMs / 1000).toFixed(1)} s`, '');
      add('first photo on screen, known device', `${found.knownMs.toFixed(0)} ms`, '≤ 500 ms');
      add('… and the browser’s CPU until then', `${found.knownCpuMs.toFixed(0)} ms`, '');
      add('frames a second of a page that only repeats one of the pictures, by wheel (limit)', `${framesOf(found.bare)}; ${found.bare.cpuMs.toFixed(0)} ms of CPU each`, '');
      add('frames a second, by wheel', `${framesOf(found.wheel)}; ${found.wheel.cpuMs.toFixed(0)} ms of CPU each`, '≥ 55');
      add('longest blank, by wheel', `${found.wheel.longestBlankMs.toFixed(0)} ms`, '≤ 150 ms');
      add('frames a second, by the scrubber', `${framesOf(found.scrubber)}; ${found.scrubber.cpuMs.toFixed(0)} ms of CPU each`, '≥ 55');
      add('longest blank, by the scrubber', `${found.scrubber.longestBlankMs.toFixed(0)} ms`, '≤ 150 ms');
      add('JS heap of the page', `${found.heapMb.toFixed(0)} MB`, '');
      add('renderer, PSS (page, worker, SQLite, pictures)', `${found.pssMb.toFixed(0)} MB`, '≤ 300 MB');
      add('… and of it shared memory, in which the browser keeps pictures decoded', `${found.sharedMb.toFixed(0)} MB`, '');
      add('script and style before the first photo', `${found.code.kB.toFixed(0)} kB brotli`, '≤ 200 kB');
      add('SQLite, apart', `${found.code.sqliteKb.toFixed(0)} kB brotli`, '');
      if (assets === many) figures['web'] = `${found.emptyMs.toFixed(0)} ms, known ${found.knownMs.toFixed(0)} ms; wheel ${framesOf(found.wheel)}, scrubber ${framesOf(found.scrubber)}; ${found.pssMb.toFixed(0)} MB; ${found.code.kB.toFixed(0)} kB`;
    } finally {
      await server.stop();
      for (const folder of [first, second]) await rm(folder, { recursive: true, force: true });
    }
  }
  return {
    title: 'The web app on a large library, in Chromium',
    columns: ['assets and what is measured', 'found', 'aim'],
    rows,
    figures,
    notes: [
      `Chromium without a GPU (frames are drawn by the processor), window ${WINDOW.width} × ${WINDOW.height}, server and browser on the same cores.`,
      'Another machine’s frames are told by the limit: a page without any program, on which one of the thumbnails is repeated as a background at the size of the timeline’s.',
      'Frames a second: the mean, and after it what nineteen of twenty frames keep. Thumbnails are some drawn pictures of real size, given out for every photo.',
      'A screen is blank where rows of the timeline are missing, or most of its photos show neither themselves nor a placeholder.',
    ],
  };
}

interface Scrolled extends Probed {
  /** Of all processes of the browser, for one frame. */
  readonly cpuMs: number;
}

interface Found {
  readonly emptyMs: number;
  readonly signInMs: number;
  readonly wholeMs: number;
  readonly storedMs: number;
  readonly knownMs: number;
  readonly emptyCpuMs: number;
  readonly knownCpuMs: number;
  readonly bare: Scrolled;
  readonly wheel: Scrolled;
  readonly scrubber: Scrolled;
  readonly heapMb: number;
  readonly pssMb: number;
  readonly sharedMb: number;
  readonly code: CodeWeight;
}

/** A browser of a person's own, on an empty folder or on one that it has used. */
async function kept<T>(executable: string, folder: string, use: (context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await launchKept(executable, folder, { viewport: WINDOW });
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}

async function look(context: BrowserContext, url: string, assets: number): Promise<Omit<Found, 'signInMs'>> {
  await context.addInitScript({ content: probe });
  await context.request.post(`${url}/api/v1/session`, { headers: { origin: url }, data: { email: 'bench@example.com', password: 'a long password', device: { name: 'bench', kind: 'browser' } } });
  const weigh = weighCode(context);
  const page = await context.newPage();
  const beforeEmpty = browserCpuMs();
  await page.goto(url);
  const emptyMs = await firstPhoto(page);
  const emptyCpuMs = browserCpuMs() - beforeEmpty;
  const code = weigh();
  const began = performance.now() - emptyMs;
  await page.getByText(`${(assets).toLocaleString('en')} photos`).first().waitFor({ timeout: PATIENCE_MS });
  const wholeMs = performance.now() - began;
  await page.getByRole('link', { name: 'Everything is saved' }).first().waitFor({ timeout: PATIENCE_MS });
  const storedMs = performance.now() - began;
  // The file of columns is written when nothing changed for some seconds: only then is the device a known one.
  await page.waitForTimeout(8_000);
  await atRest(page);
  await page.close();
  const known = await context.newPage();
  const beforeKnown = browserCpuMs();
  await known.goto(url);
  const knownMs = await firstPhoto(known);
  const knownCpuMs = browserCpuMs() - beforeKnown;
  await known.getByText(`${(assets).toLocaleString('en')} photos`).first().waitFor({ timeout: PATIENCE_MS });
  const wheel = await probed(known, () => byWheel(known));
  const scrubber = await probed(known, () => byScrubber(known));
  const session = await context.newCDPSession(known);
  await session.send('HeapProfiler.collectGarbage');
  const heapMb = await heapOf(session);
  const { pssMb, sharedMb } = largestRenderer();
  const picture = await known.locator('.cell img[data-here]').first().getAttribute('src');
  const bare = await context.newPage();
  await bare.goto(`${url}/layers.css`);
  await bare.evaluate(bareScroller(picture ?? ''));
  const limit = await probed(bare, () => byWheel(bare));
  return { emptyMs, emptyCpuMs, wholeMs, storedMs, knownMs, knownCpuMs, bare: limit, wheel, scrubber, heapMb, pssMb, sharedMb, code };
}

async function signInByHand(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByLabel('E-mail').fill('bench@example.com');
  await page.getByLabel('Password').fill('a long password');
  const began = performance.now();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.cell img[data-here]').first().waitFor({ timeout: PATIENCE_MS });
  return performance.now() - began;
}

async function firstPhoto(page: Page): Promise<number> {
  await page.locator('.cell img[data-here]').first().waitFor({ timeout: PATIENCE_MS });
  for (;;) {
    // The page notes it with its next frame.
    const first = await page.evaluate<number | null>('globalThis.probe.first');
    if (first !== null) return first;
  }
}

async function probed(page: Page, scroll: () => Promise<void>): Promise<Scrolled> {
  const before = browserCpuMs();
  await page.evaluate('globalThis.probe.begin()');
  await scroll();
  const found = await page.evaluate<Probed>('globalThis.probe.end()');
  return { ...found, cpuMs: (browserCpuMs() - before) / found.frames.length };
}

/** Returns when the browser hardly works any more. */
async function atRest(page: Page): Promise<void> {
  for (let used = Number.POSITIVE_INFINITY; used > 100; ) {
    const before = browserCpuMs();
    // oxlint-disable-next-line no-await-in-loop -- looked at again until it is so
    await page.waitForTimeout(1_000);
    used = browserCpuMs() - before;
  }
}

/** User and system time of all processes of the browser so far. */
function browserCpuMs(): number {
  const root = processTree(process.pid).find((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return line.includes('--user-data-dir=') && !line.includes('--type=');
    } catch {
      return false;
    }
  });
  return root === undefined ? Number.NaN : cpuSeconds(root) * 1000;
}

async function byWheel(page: Page): Promise<void> {
  await page.mouse.move(WINDOW.width / 2, WINDOW.height / 2);
  const until = performance.now() + SCROLLED_MS;
  // Slowly, faster, and as fast as a wheel that is let spin.
  for (let turn = 0; performance.now() < until; turn += 1) await page.mouse.wheel(0, [120, 400, 1600][Math.floor(turn / 40) % 3] ?? 120);
}

/** From the first photo to the last one and back, as a thumb that is dragged. */
async function byScrubber(page: Page): Promise<void> {
  const box = await page.getByRole('slider').boundingBox();
  if (box === null) throw new Error('there is no scrubber');
  const [x, top, bottom] = [box.x + box.width / 2, box.y + 4, box.y + box.height - 4];
  const began = performance.now();
  await page.mouse.move(x, top);
  await page.mouse.down();
  for (let passed = 0; passed < SCROLLED_MS; passed = performance.now() - began) {
    const along = 1 - Math.abs(1 - (2 * passed) / SCROLLED_MS);
    await page.mouse.move(x, top + (bottom - top) * along);
  }
  await page.mouse.up();
}

const framesOf = ({ frames }: Pick<Probed, 'frames'>): string => `${(1000 / (frames.reduce((sum, ms) => sum + ms, 0) / frames.length)).toFixed(1)} (${(1000 / quantile(frames, 0.95)).toFixed(0)})`;

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 1e6;
}

/** proc(5), smaps: of the browser's processes that draw pages, the one that has most, and what of it are files that lie in memory alone (memfd_create(2)). */
function largestRenderer(): { readonly pssMb: number; readonly sharedMb: number } {
  let most = { pssMb: 0, sharedMb: 0 };
  for (const pid of processTree(process.pid)) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      const smaps = readFileSync(`/proc/${pid}/smaps`, 'utf8');
      const pssMb = sumOfPss(smaps, /^Pss:\s+(\d+) kB/gm);
      if (pssMb > most.pssMb) most = { pssMb, sharedMb: sumOfPss(smaps, /^\S+ \S+ \S+ \S+ \S+ +\/memfd:.*\n(?:(?!Pss:).*\n)*?Pss:\s+(\d+) kB/gm) };
    } catch {
      // It has ended meanwhile.
    }
  }
  return most;
}

const sumOfPss = (smaps: string, each: RegExp): number => smaps.matchAll(each).reduce((sum, [, kilobytes]) => sum + (Number(kilobytes) * 1024) / 1e6, 0);
