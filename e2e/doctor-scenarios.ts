import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type SwitchedLine, switchedLine } from './harness/switched-line.ts';
import type { Scenario, Ward } from './harness/ward.ts';

/** What a person says in the device's place, and what they set: as `everroll set` stores both. */
const keep = (ward: Ward, key: string, value: unknown): void => ward.onDevice('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value', key, JSON.stringify(value));
const around = (ward: Ward, conditions: object, settings: object = {}): void => {
  keep(ward, 'conditionsByHand', conditions);
  keep(ward, 'settings', settings);
};
const good = (ward: Ward): void => ward.line.switchTo({ kind: 'none' });
const HOTEL = '<!doctype html><title>Hotel</title><p>Welcome. Sign in to use the network.';
const plan = (ward: Ward, sql: string): void => ward.onServer(`UPDATE account SET plan_bytes = ${sql}`);
const minute = (hours: number): number => (((new Date().getHours() + hours) % 24) + 24) % 24 * 60;

/** An hour ahead, in the device's processes alone. */
const SHIFTED_CLOCK = 'const real = Date.now.bind(Date);\nDate.now = () => real() + 3_600_000;\n';

/** A certificate that nobody trusts, for `localhost`. */
async function selfSigned(folder: string): Promise<{ certificate: string; readonly line: (ward: Ward) => Promise<SwitchedLine> }> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { certificate, line: (ward) => switchedLine(() => ward.server.port, { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') }) };
}

export const scenarios: readonly Scenario[] = [
  // settings
  { code: 'sync_off', check: 'settings', cause: 'the switch "Sync this device" is off', make: (ward) => around(ward, {}, { sync: false }), evidence: {}, fix: 'the doctor switches it on', holdsItem: false },
  { code: 'paused_by_user', check: 'settings', cause: 'paused until resumed', make: (ward) => around(ward, {}, { pausedAt: Date.now(), pausedUntil: Number.MAX_SAFE_INTEGER }), evidence: { until: null }, fix: 'the doctor resumes', holdsItem: false },
  {
    code: 'signed_out',
    check: 'settings',
    cause: 'signed out on this device',
    make: async (ward) => void (await ward.device.ask(['sign-out'])),
    evidence: {},
    fix: 'signed in again; the queue is kept',
    mend: (ward) => ward.device.signIn(ward.line.url),
    holdsItem: false,
  },
  { code: 'session_revoked', check: 'settings', cause: 'the session was ended from elsewhere', make: (ward) => ward.onServer('DELETE FROM session'), evidence: {}, fix: 'signed in again; the queue is kept', mend: (ward) => ward.device.signIn(ward.line.url) },
  {
    code: 'account_disabled',
    check: 'settings',
    cause: 'the server’s owner disables the account',
    make: (ward) => ward.onServer('UPDATE account SET disabled_at = 1'),
    evidence: {},
    fix: 'the owner enables it',
    mend: (ward) => ward.onServer('UPDATE account SET disabled_at = NULL'),
  },
  {
    code: 'source_missing',
    check: 'settings',
    cause: 'the source folder is moved away',
    make: (ward) => rename(ward.photos, `${ward.photos}.moved`),
    evidence: {},
    fix: 'moved back',
    mend: (ward) => rename(`${ward.photos}.moved`, ward.photos),
    holdsItem: false,
  },

  // connection
  {
    code: 'captive_portal',
    check: 'connection',
    cause: 'a hotel’s page comes with status 200 for every request',
    make: (ward) => ward.line.switchTo({ kind: 'answers', answer: (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(HOTEL) }),
    evidence: { layer: 'health', where: 'local_network' },
    fix: 'signed in to the network',
    mend: good,
  },
  {
    code: 'captive_portal',
    check: 'connection',
    cause: 'every request is sent on to a portal with status 302',
    make: (ward) => ward.line.switchTo({ kind: 'answers', answer: (_request, response) => response.writeHead(302, { location: 'http://portal.example/login' }).end() }),
    evidence: { layer: 'health', where: 'local_network' },
    fix: 'signed in to the network',
    mend: good,
  },
  {
    code: 'dns_failed',
    check: 'connection',
    cause: 'the server’s name cannot be looked up',
    make: (ward) => ward.moveTo(`http://no-such-server.invalid:${ward.line.port}`),
    evidence: { layer: 'dns' },
    fix: 'the right address',
    mend: (ward) => ward.moveTo(ward.line.url),
  },
  {
    code: 'server_unreachable',
    check: 'connection',
    cause: 'nothing listens at the server’s address',
    make: (ward) => ward.moveTo('http://127.0.0.1:9'),
    evidence: { layer: 'tcp', where: 'only_the_server' },
    fix: 'the right address',
    mend: (ward) => ward.moveTo(ward.line.url),
  },
  {
    code: 'server_unreachable',
    check: 'connection',
    cause: 'the server is stopped, and what stands before it cuts every connection',
    make: (ward) => ward.server.stop(),
    evidence: { layer: 'health', where: 'only_the_server' },
    fix: 'the server is started',
    mend: (ward) => ward.server.start(),
  },
  {
    code: 'tls_invalid',
    check: 'connection',
    cause: 'the server shows a certificate that it signed itself',
    make: async (ward) => {
      const { line } = await selfSigned(ward.stage.path);
      const front = await line(ward);
      ward.atEnd(() => front.close());
      await ward.moveTo(front.url);
    },
    evidence: { layer: 'tls', where: 'only_the_server' },
    fix: 'the certificate is made a trusted one',
    mend: (ward) => void (ward.device.environment['NODE_EXTRA_CA_CERTS'] = join(ward.stage.path, 'certificate.pem')),
  },
  {
    code: 'proxy_interferes',
    check: 'connection',
    cause: 'a proxy refuses bodies above 20 KB with 413',
    make: async (ward) => {
      await ward.addPhoto('AFTER.JPG', 200_000);
      ward.line.switchTo({ kind: 'limits bodies', bytes: 20_000 });
    },
    evidence: { layer: 'echo', where: 'in_between' },
    fix: 'the proxy’s limit is raised',
    mend: good,
  },
  {
    code: 'proxy_interferes',
    check: 'connection',
    cause: 'a proxy refuses bodies above 1 MB, before any photo has met it',
    make: (ward) => ward.line.switchTo({ kind: 'limits bodies', bytes: 1_000_000 }),
    evidence: { layer: 'echo', where: 'in_between' },
    fix: 'the proxy’s limit is raised',
    mend: good,
    holdsItem: false,
  },
  {
    code: 'server_maintenance',
    check: 'connection',
    cause: 'a reverse proxy answers 503, as its Everroll is down',
    make: (ward) => ward.line.switchTo({ kind: 'answers', answer: (_request, response) => response.writeHead(503).end() }),
    evidence: { layer: 'health', where: 'only_the_server' },
    fix: 'Everroll is started behind it',
    mend: good,
  },
  { code: 'mobile_data_off', check: 'connection', cause: 'a metered connection, and mobile data is off', make: (ward) => around(ward, { metered: true }, { mobileData: false }), evidence: { gate: 'everroll' }, fix: 'the doctor allows mobile data, once the person agrees', holdsItem: true },
  {
    code: 'mobile_allowance_used',
    check: 'connection',
    cause: 'a metered connection, and the day’s 200 MB are used',
    make: (ward) => {
      around(ward, { metered: true });
      keep(ward, 'mobileUse', { day: new Date().setHours(0, 0, 0, 0), bytes: 200_000_000 });
    },
    evidence: { limitBytes: 200_000_000, usedBytes: 200_000_000 },
    fix: 'the doctor allows the amount once more, once the person agrees',
  },
  { code: 'low_data_mode', check: 'connection', cause: 'Low Data Mode', make: (ward) => around(ward, { lowDataMode: true }), evidence: {}, fix: 'switched off in the system’s settings', mend: (ward) => around(ward, {}) },
  { code: 'waiting_for_wifi', check: 'connection', cause: 'Wi-Fi only was chosen, and the connection is metered', make: (ward) => around(ward, { metered: true }, { power: 'wifi', unlimitedUpdates: true }), evidence: {}, fix: 'the doctor syncs for an hour' },

  // storage
  {
    code: 'quota_full',
    check: 'storage_plan',
    cause: 'the storage plan is full',
    make: (ward) => plan(ward, 'used_bytes + reserved_bytes + 1'),
    evidence: { shortBytes: expect.any(Number), plan: expect.any(Number), used: expect.any(Number) },
    fix: 'a larger plan; what waits tries again',
    mend: (ward) => plan(ward, '5000000000'),
  },
  {
    code: 'item_larger_than_plan',
    check: 'storage_plan',
    cause: 'a photo that is larger than the whole plan',
    make: async (ward) => {
      await ward.addPhoto('AFTER.JPG', 900_000);
      plan(ward, '800000');
    },
    evidence: { plan: 800_000 },
    fix: 'a larger plan; what waits tries again',
    mend: (ward) => plan(ward, '5000000000'),
  },

  // state
  {
    code: 'local_database_corrupt',
    check: 'local_database',
    cause: 'the device’s database is overwritten with something else',
    make: (ward) => writeFile(join(ward.device.home, 'device.db'), 'no database at all '.repeat(500)),
    evidence: {},
    fix: 'the doctor sets it aside and builds a new one',
    holdsItem: false,
  },
  {
    code: 'local_database_corrupt',
    check: 'local_database',
    cause: 'pages in the middle of the device’s database are lost',
    make: async (ward) => {
      const path = join(ward.device.home, 'device.db');
      const content = await readFile(path);
      // From the fourth page on: the schema can still be read, the tables cannot.
      content.fill(0x5a, 4096 * 4, content.length - 4096);
      await writeFile(path, content);
      await truncate(path, content.length);
    },
    evidence: {},
    fix: 'the doctor sets it aside and builds a new one',
    holdsItem: false,
  },
  {
    code: 'lease_stuck',
    check: 'leases',
    cause: 'an upload that was begun two days ago and that no file wants any more',
    make: (ward) => ward.onDevice('INSERT INTO upload (sha256, address, offset, bytes, begun_at) VALUES (?, NULL, 0, 10, ?)', 'f'.repeat(64), Date.now() - 2 * 86_400_000),
    evidence: { uploadsUnwanted: 1 },
    fix: 'the doctor restarts sync',
    holdsItem: false,
  },
  {
    code: 'not_running',
    check: 'restart',
    cause: 'there is work, and nobody does it',
    make: (ward) => ward.onDevice("UPDATE item SET stage = 'ask'"),
    evidence: { running: false },
    fix: 'the doctor syncs once',
    without: 'sync',
  },
  {
    code: 'clock_skew',
    check: 'clock',
    cause: 'the device’s clock is an hour ahead',
    make: async (ward) => {
      const path = join(ward.stage.path, 'shifted-clock.mjs');
      await writeFile(path, SHIFTED_CLOCK);
      ward.device.environment['NODE_OPTIONS'] = `--import=${path}`;
    },
    evidence: {},
    fix: 'the clock is set',
    mend: (ward) => void delete ward.device.environment['NODE_OPTIONS'],
    holdsItem: false,
  },

  // versions
  {
    code: 'client_too_old',
    check: 'update',
    cause: 'a device that speaks a protocol which the server no longer serves',
    make: (ward) => ward.line.switchTo({ kind: 'rewrites', headers: { 'everroll-protocol': '0' } }),
    evidence: { protocolMax: 1 },
    fix: 'the device is updated',
    mend: good,
  },
  {
    code: 'server_too_old',
    check: 'update',
    cause: 'a server whose newest protocol is older than the device’s oldest',
    make: (ward) => ward.line.switchTo({ kind: 'answers otherwise', body: (path, body) => (path.startsWith('/api/v1/health') ? body.replace(/"protocol":\{[^}]*\}/, '"protocol":{"min":0,"max":0}') : body) }),
    evidence: { protocolMin: 1 },
    fix: 'the server is updated',
    mend: good,
    holdsItem: false,
  },

  // power
  { code: 'not_charging', check: 'power', cause: 'Wi-Fi and charging was chosen, and the charger is not there', make: (ward) => around(ward, { metered: false, charging: false, batteryPercent: 55 }, { power: 'wifi_and_charging', freshFirst: false }), evidence: { percent: 55 }, fix: 'the doctor syncs for an hour' },
  { code: 'low_power_mode', check: 'power', cause: 'Low Power Mode', make: (ward) => around(ward, { lowPowerMode: true }, { freshFirst: false }), evidence: { lowPowerMode: true }, fix: 'the doctor syncs for an hour' },
  { code: 'battery_low', check: 'power', cause: '17 % of the battery are left, the floor is 20 %', make: (ward) => around(ward, { charging: false, batteryPercent: 17 }, { freshFirst: false }), evidence: { percent: 17, floorPercent: 20 }, fix: 'the doctor syncs for an hour' },
  { code: 'too_hot', check: 'power', cause: 'the device is hot', make: (ward) => around(ward, { hot: true }, { freshFirst: false }), evidence: { hot: true }, fix: 'the doctor syncs for an hour' },
  {
    code: 'outside_schedule',
    check: 'power',
    cause: 'the schedule begins in some hours',
    make: (ward) => around(ward, {}, { power: 'schedule', freshFirst: false, schedule: { fromMinute: minute(3), toMinute: minute(5) } }),
    evidence: { policy: 'schedule' },
    fix: 'the doctor syncs for an hour',
  },

  // items
  {
    code: 'repeatedly_failing',
    check: 'items',
    cause: 'a photo that failed eight times is parked',
    make: async (ward) => {
      await ward.device.sync();
      ward.onDevice("UPDATE item SET stage = 'send', code = 'repeatedly_failing', evidence = '{}', since = 1, attempts = 8, next_at = ? WHERE name = 'AFTER.JPG'", Date.now() + 80_000_000);
    },
    evidence: {},
    fix: 'the doctor tries it again',
  },
];
