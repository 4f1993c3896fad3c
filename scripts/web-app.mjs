import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { node, root } from './clone.mjs';

/** What the web app is made of. */
const sources = ['apps/web/src', 'apps/web/public', 'apps/web/build', 'apps/web/index.html', 'apps/web/vite.config.ts', 'apps/web/package.json', 'packages/engine/src', 'packages/protocol/src', 'packages/media/src', 'package-lock.json'];

/**
 * Builds the web app where it is not built or a source of it is newer. It takes some ten seconds
 * then, else some milliseconds. A build that fails is told, and the server runs without the app.
 */
export function buildWebApp() {
  const built = timeOf(join(root, 'apps/web/dist/index.html'));
  if (sources.every((path) => newestIn(join(root, path)) <= built)) return;
  process.stderr.write('The web app is being built; this takes some seconds.\n');
  const { status, error } = spawnSync(node, [join(root, 'node_modules/vite/bin/vite.js'), 'build', join(root, 'apps/web'), '--logLevel', 'error'], {
    stdio: ['ignore', 2, 2],
    // Where tests build it they have set another one, and the app would be that of React's developers.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (error || status !== 0) process.stderr.write(`The web app could not be built${error ? `: ${error.message}` : ''}.\n`);
}

function newestIn(path) {
  const of = timeOf(path);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return of;
  return readdirSync(path, { recursive: true }).reduce((newest, name) => (/\.test\.tsx?$/.test(name) ? newest : Math.max(newest, timeOf(join(path, name)))), 0);
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
