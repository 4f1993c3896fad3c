/** A device whose replica follows the server; tells its parent when a caption that it waits for is shown. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openEngine, unknownConditions } from '@everroll/engine';
import { connect, httpServerClient, listenForHeads, openNodeDriver } from '@everroll/agent';
import type { EverrollReady } from './everroll-server.ts';

const [folder = '.', text = '{}'] = process.argv.slice(2);
const server = JSON.parse(text) as EverrollReady;
const session = server.sessions[1]!;
const connection = connect(() => ({ url: server.url, token: session.token }));
const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, 60_000));
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
const opened = openEngine({
  driver: openNodeDriver(join(folder, 'device.db')),
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
engine.signIn({
  server: server.url,
  account: { id: server.account.id as never, email: server.account.email, name: 'bench', role: 'owner' },
  device: { id: session.deviceId as never, name: 'B' },
  library: { id: server.library as never, name: 'bench' },
});
const { signal } = new AbortController();
let shown = '';
let ready = false;
void listenForHeads(connection, { onHead: () => engine.serverHasNews(true), onPlan: () => engine.planHasNews(), onDevice: () => undefined, onUnknown: () => engine.serverHasNews(false), sleep, fraction: Math.random }, signal);
await engine.run({
  until: 'stopped',
  signal,
  onProgress: () => {
    const caption = engine.assets({ limit: 1 })[0]?.caption ?? null;
    if (!ready && engine.status().cursor !== null) {
      ready = true;
      process.send?.({ ready });
    }
    if (caption === null || caption === shown) return;
    shown = caption;
    // CLOCK_MONOTONIC: the same for every process of the machine.
    process.send?.({ caption, at: Number(process.hrtime.bigint() / 1000n) });
  },
});
