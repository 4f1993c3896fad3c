import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node, root, windows } from './clone.mjs';
import { buildWebApp } from './web-app.mjs';

/**
 * Makes a fresh clone ready to run, with any Node >= 20 and npm: plain JavaScript, and nothing but
 * Node's own modules. Says nothing and takes some milliseconds when nothing is to be done.
 */
export function setUp() {
  if (!isInstalled()) {
    process.stderr.write('Everroll is being set up; this takes a minute, once.\n');
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    if (!isNode26()) npm(['rebuild', 'node', '--loglevel=error']);
    spawnSync(node, [join(root, 'scripts', 'warm.ts')], { stdio: 'ignore' });
  }
  if (!isNode26()) fail('Node 26 could not be installed. Run: npm rebuild node --foreground-scripts');
}

/**
 * Whether what is installed is what the lock file names. The contents decide, not the times: a
 * checkout makes every file new. Packages for other systems are named by the lock file alone.
 */
function isInstalled() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.link || entry.optional || entry.devOptional) return true;
    return present[path]?.version === entry.version && existsSync(join(root, path));
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function isNode26() {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return typeof stdout === 'string' && stdout.startsWith('v26.');
}

/** What npm prints goes to standard error: standard output is the command's. */
function npm(args) {
  const { status, error } = spawnSync(windows ? 'npm.cmd' : 'npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: windows });
  if (error) fail(`npm could not be started: ${error.message}`);
  if (status !== 0) fail(`npm ${args[0]} failed; its message stands above.`);
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  setUp();
  buildWebApp();
}
