#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node, root } from '../scripts/clone.mjs';
import { setUp } from '../scripts/setup.mjs';
import { buildWebApp } from '../scripts/web-app.mjs';

/** The command line for any Node >= 20: sets the clone up if need be, then runs it with Node 26. */
setUp();
if (process.argv[2] === 'serve') buildWebApp();
// A server of little memory is worth more collections of what is short-lived, and two arenas of glibc's malloc rather
// than eight for each core (mallopt(3), M_ARENA_MAX): some 10 MB each.
const serves = process.argv[2] === 'serve';
// V8 learns where objects come from that live long, and makes later ones there old from the start. Of a listing's rows a
// first sync teaches it the wrong thing: each then keeps its strings through every collection (a listing took a fifth more).
const flags = serves ? ['--max-semi-space-size=2'] : ['--no-allocation-site-pretenuring'];
const child = spawn(node, [...flags, join(root, 'apps', 'agent', 'src', 'main.ts'), ...process.argv.slice(2)], {
  // The channel tells the child when this process is killed without a word: it ends too then.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  // A device waits for its disk with each file that it brings: more threads than files, so that others are written meanwhile.
  // Of glibc (mallopt(3)): fewer heaps; and a large answer is given back to the system when it has gone out, where glibc would
  // else learn from the first one to keep the room of all.
  env: serves ? { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144', ...process.env } : { UV_THREADPOOL_SIZE: '16', ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${node} could not be started: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
