/**
 * `first-sync.ts FOLDER SERVER WHAT`: a device that knows nothing reads a library, as `EverrollReady` in JSON
 * tells of it. `pages`: it reads and checks every page and keeps nothing. `replica`: the engine fills its database.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { connect, openNodeDriver } from '@everroll/agent';
import { openEngine, unknownConditions } from '@everroll/engine';
import { type Connection, httpServerClient } from '@everroll/engine/http';
import type { LibraryId } from '@everroll/protocol';
import type { EverrollReady } from './everroll-server.ts';
import { identityOf } from './identity.ts';

const LOOK_MS = 20;

export interface FirstSyncRead {
  readonly seconds: number;
  /** Of this process, the reader. */
  readonly cpuSeconds: number;
  /** Bodies of answers, as they travelled. */
  readonly bytes: number;
  readonly entries: number;
}

// Nobody is left to measure it.
process.once('disconnect', () => process.exit());

const [folder = '.', text = '{}', what = 'pages'] = process.argv.slice(2);
const server = JSON.parse(text) as EverrollReady;
let bytes = 0;
const real = connect(() => ({ url: server.url, token: server.sessions[2]?.token ?? '' }));
/** Counts what comes. A body that came compressed is unpacked here already: its length says what travelled. */
const connection: Connection = {
  ...real,
  async call(call) {
    const answer = await real.call(call);
    if (!answer.ok) return answer;
    const { statusCode, headers, body } = answer.value;
    if (headers['content-encoding'] === undefined) return { ok: true, value: { statusCode, headers, body: counted(body) } };
    bytes += Number(headers['content-length']);
    return answer;
  },
};
async function* counted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    yield chunk;
  }
}
const client = httpServerClient(connection);
const stop = new AbortController();

process.send?.({ ready: true });
process.once('message', () => void run().then((read) => process.send?.(read)));

async function run(): Promise<FirstSyncRead> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const entries = what === 'pages' ? await readPages() : await fillReplica();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6, bytes, entries };
}

async function readPages(): Promise<number> {
  let entries = 0;
  for (let next: string | null = null; ; ) {
    const page = await client.snapshot(server.library as LibraryId, next, stop.signal);
    if (!page.ok) throw new Error(`${page.failure.code}: ${page.failure.evidence.detail ?? ''}`);
    entries += page.value.entries.length;
    next = page.value.next;
    if (next === null) return entries;
  }
}

async function fillReplica(): Promise<number> {
  const none = (): never => {
    throw new Error('this device has no files');
  };
  const driver = openNodeDriver(join(folder, 'device.db'));
  const opened = openEngine({
    driver,
    server: client,
    clock: { now: () => Date.now(), sleep: (ms, signal) => new Promise((resolve) => { const timer = setTimeout(resolve, Math.min(ms, 60_000)); signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true }); }) },
    random: { id: () => randomBytes(16).toString('hex'), fraction: Math.random },
    openSource: none,
    openFolder: none,
    conditions: () => ({ ...unknownConditions, online: true }),
  });
  if (!opened.ok) throw new Error(opened.failure.code);
  opened.value.signIn(identityOf(server, 2));
  const phase = driver.prepare("SELECT json_extract(value, '$.phase') AS phase FROM meta WHERE key = 'cursor'");
  // Not by the progress of the run: to count everything at each step is what a display does, now and then.
  const looking = setInterval(() => phase.get()?.['phase'] === 'log' && stop.abort(), LOOK_MS);
  await opened.value.run({ until: 'stopped', signal: stop.signal });
  clearInterval(looking);
  return Number(driver.prepare('SELECT count(*) AS n FROM entity').get()?.['n']);
}
