/** A device whose replica follows the server; tells its parent up to which `seq` it shows the log. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openEngine, unknownConditions } from '@everroll/engine';
import { connect, httpServerClient, listenForHeads, openNodeDriver } from '@everroll/agent';
import type { EverrollReady } from './everroll-server.ts';
import { identityOf } from './identity.ts';

export interface Shown {
  readonly cursor: number;
  /** Microseconds. */
  readonly at: number;
}

// Nobody is left to measure it.
process.once('disconnect', () => process.exit());

const [folder = '.', text = '{}'] = process.argv.slice(2);
const server = JSON.parse(text) as EverrollReady;
const session = server.sessions[1]!;
const connection = connect(() => ({ url: server.url, token: session.token }));
const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, 60_000));
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
const driver = openNodeDriver(join(folder, 'device.db'));
const opened = openEngine({
  driver,
  server: httpServerClient(connection),
  clock: { now: () => Date.now(), sleep },
  random: { id: () => randomBytes(16).toString('hex'), fraction: Math.random },
  openSource: () => {
    throw new Error('this device has no source');
  },
  openFolder: () => {
    throw new Error('this device has no folder');
  },
  conditions: () => ({ ...unknownConditions, online: true }),
});
if (!opened.ok) throw new Error(opened.failure.code);
const engine = opened.value;
engine.signIn(identityOf(server, 1));
const { signal } = new AbortController();
const cursorNow = driver.prepare("SELECT json_extract(value, '$.seq') AS seq FROM meta WHERE key = 'cursor' AND json_extract(value, '$.phase') = 'log'");
let shown = -1;
void listenForHeads(connection, { onHead: () => engine.serverHasNews(true), onPlan: () => engine.planHasNews(), onDevice: () => undefined, onUnknown: () => engine.serverHasNews(false), sleep, fraction: Math.random }, signal);
await engine.run({
  until: 'stopped',
  signal,
  onStep: () => {
    const cursor = Number(cursorNow.get()?.['seq'] ?? -1);
    if (cursor === shown) return;
    shown = cursor;
    // CLOCK_MONOTONIC: the same for every process of the machine.
    process.send?.({ cursor, at: Number(process.hrtime.bigint() / 1000n) } satisfies Shown);
  },
});
