import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

/** Where Debian and its kin put the browser. */
const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * The browser of the browser tests: the one that is installed, or Debian's, installed here where the
 * tests run as root. Otherwise undefined; `HOW_TO_INSTALL` says what is missing.
 */
export function findChromium(): string | undefined {
  const found = CANDIDATES.find((path) => existsSync(path));
  if (found !== undefined || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return found;
  const apt = (...words: string[]): boolean => spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  if (!apt('update', '-q') || !apt('install', '-qy', '--no-install-recommends', 'chromium', 'fonts-dejavu-core')) return undefined;
  return CANDIDATES.find((path) => existsSync(path));
}

export const HOW_TO_INSTALL = 'Browser tests need Chromium: apt-get install chromium';

// Nothing of the browser's own may go out to the network, and a container gives it no sandbox.
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function launch(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: [...ARGUMENTS, ...more] });
}

/** A browser as a person has it, whose files lie in `folder`: in a context of `launch`, as in a private window, each access to a file goes through another process. */
export function launchKept(executablePath: string, folder: string, options: BrowserContextOptions): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath, headless: true, args: ARGUMENTS, ...options });
}
