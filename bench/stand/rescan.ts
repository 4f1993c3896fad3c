/**
 * `rescan.ts FOLDER SERVER SOURCE`: a device that has saved every file of the folder SOURCE, as its database
 * tells, and lists it again whenever its parent says so.
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, httpServerClient, openFolderSource, openNodeDriver, openWitnesses } from '@everroll/agent';
import { openEngine, unknownConditions } from '@everroll/engine';
import type { EverrollReady } from './everroll-server.ts';
import { identityOf } from './identity.ts';

/** Seldom enough to cost nothing beside what is measured. */
const LOOK_MS = 10;

export interface Rescanned {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const [folder = '.', text = '{}', location = '.'] = process.argv.slice(2);
// Nobody is left to measure it.
process.once('disconnect', () => process.exit());

const server = JSON.parse(text) as EverrollReady;
const driver = openNodeDriver(join(folder, 'device.db'));
const witnesses = openWitnesses(join(folder, 'witnesses.json'));
const opened = openEngine({
  driver,
  server: httpServerClient(connect(() => ({ url: server.url, token: server.sessions[1]?.token ?? '' }))),
  clock: { now: () => Date.now(), sleep: (ms, signal) => new Promise((resolve) => { const timer = setTimeout(resolve, Math.min(ms, 60_000)); signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true }); }) },
  random: { id: () => randomBytes(16).toString('hex'), fraction: Math.random },
  openSource: () => openFolderSource(location, witnesses),
  openFolder: () => {
    throw new Error('this device has no library folder');
  },
  conditions: () => ({ ...unknownConditions, online: true }),
});
if (!opened.ok) throw new Error(opened.failure.code);
const engine = opened.value;
engine.signIn(identityOf(server, 1));
const added = engine.addSource(location);
if (!added.ok) throw new Error(added.failure.code);
const { id } = added.value;

// The first listing finds them; that each was read, sent and added is written into the database.
const first = new AbortController();
const begun = engine.run({ until: 'stopped', signal: first.signal });
await listed(0);
first.abort();
await begun;
driver.transaction(() => {
  for (const { id: item } of driver.prepare('SELECT id FROM item').all()) {
    const sha256 = createHash('sha256').update(String(item)).digest('hex');
    driver.prepare("UPDATE item SET stage = 'verified', code = NULL, evidence = NULL, next_at = 0, sha256 = ?, asset_id = ?, kind = 'photo', media_type = 'image/jpeg' WHERE id = ?").run(sha256, sha256.slice(0, 32), Number(item));
  }
});

const { signal } = new AbortController();
void engine.run({ until: 'stopped', signal });
// Every run begins with a listing.
await listed(engine.sources()[0]?.lastScanAt ?? 0);
process.on('message', () => void rescan().then((found) => process.send?.(found)));
process.send?.({ ready: true });

async function rescan(): Promise<Rescanned> {
  const before = engine.sources()[0]?.lastScanAt ?? 0;
  const began = performance.now();
  const cpu = process.cpuUsage();
  engine.rescan(id);
  await listed(before);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** A listing has ended since. */
async function listed(since: number): Promise<void> {
  const at = driver.prepare('SELECT scanned_at AS at FROM source WHERE scan_wanted = 0 AND scanned_at > ?');
  while (at.get(since) === undefined) await delay(LOOK_MS);
}
