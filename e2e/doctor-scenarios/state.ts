import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Scenario } from '../harness/scenario.ts';
import type { Ward } from '../harness/ward.ts';

const database = (ward: Ward): string => join(ward.device.home, 'device.db');
const sentBefore = new WeakMap<Ward, number>();
const count = (ward: Ward): void => void sentBefore.set(ward, ward.line.sent);

/** Only the one photo that was not saved before went over the line. */
async function nothingSentTwice(ward: Ward): Promise<void> {
  const { length } = await readFile(ward.pathOf());
  expect(ward.line.sent - (sentBefore.get(ward) ?? 0)).toBe(length);
}

/** An hour ahead, in the device's processes alone. */
const SHIFTED_CLOCK = 'const real = Date.now.bind(Date);\nDate.now = () => real() + 3_600_000;\n';

export const state: readonly Scenario[] = [
  {
    code: 'local_database_corrupt',
    check: 'local_database',
    cause: 'the device’s database is overwritten with something else',
    make: async (ward) => {
      count(ward);
      await writeFile(database(ward), 'no database at all '.repeat(500));
    },
    evidence: {},
    fix: 'the doctor sets it aside and builds a new one; only the photo that was not saved is sent',
    holdsItem: false,
    proves: nothingSentTwice,
  },
  {
    code: 'local_database_corrupt',
    check: 'local_database',
    cause: 'pages in the middle of the device’s database are lost',
    make: async (ward) => {
      count(ward);
      const content = await readFile(database(ward));
      // From the fourth page on: the schema can still be read, the tables cannot.
      content.fill(0x5a, 4096 * 4, content.length - 4096);
      await writeFile(database(ward), content);
      await truncate(database(ward), content.length);
    },
    evidence: {},
    fix: 'the doctor sets it aside and builds a new one; only the photo that was not saved is sent',
    holdsItem: false,
    proves: nothingSentTwice,
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
    cause: 'the process that syncs was killed while a photo was on its way, and nobody started another',
    make: async (ward) => {
      const died = Promise.withResolvers<void>();
      ward.line.switchTo({
        kind: 'during an original',
        happens: async () => {
          syncing.kill('SIGKILL');
        },
      });
      const syncing = ward.device.start('sync');
      syncing.once('exit', () => died.resolve());
      await died.promise;
      ward.line.switchTo({ kind: 'none' });
    },
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
  {
    code: 'server_rolled_back',
    check: 'epoch',
    cause: 'the server is restored from a backup of before the last photo, and the line breaks while the device offers it again',
    make: async (ward) => {
      await ward.server.stop();
      const kept = join(ward.stage.path, 'backup.db');
      await copyFile(join(ward.server.data, 'everroll.db'), kept);
      await ward.server.start();
      await ward.device.sync();
      await ward.server.stop();
      for (const ending of ['', '-wal', '-shm']) await rm(join(ward.server.data, `everroll.db${ending}`), { force: true });
      await copyFile(kept, join(ward.server.data, 'everroll.db'));
      await ward.server.start();
      ward.line.switchTo({ kind: 'cuts', path: /\/mutations$/ });
    },
    evidence: { forkedAt: expect.any(Number) },
    fix: 'it offers again what it holds by itself, once the line is good',
    mend: (ward) => ward.line.switchTo({ kind: 'none' }),
    besides: ['server_unreachable'],
    holdsItem: false,
    spoils: true,
  },

  // versions
  {
    code: 'client_too_old',
    check: 'update',
    cause: 'a device that speaks a protocol which the server no longer serves',
    make: (ward) => ward.line.switchTo({ kind: 'rewrites', headers: { 'everroll-protocol': '0' } }),
    evidence: { protocolMax: 1 },
    fix: 'the device is updated',
    mend: (ward) => ward.line.switchTo({ kind: 'none' }),
  },
  {
    code: 'server_too_old',
    check: 'update',
    cause: 'a server whose newest protocol is older than the device’s oldest',
    make: (ward) => ward.line.switchTo({ kind: 'answers otherwise', body: (path, body) => (path.startsWith('/api/v1/health') ? body.replace(/"protocol":\{[^}]*\}/, '"protocol":{"min":0,"max":0}') : body) }),
    evidence: { protocolMin: 1 },
    fix: 'the server is updated',
    mend: (ward) => ward.line.switchTo({ kind: 'none' }),
    holdsItem: false,
  },
  {
    code: 'replica_newer_than_program',
    check: 'update',
    cause: 'the device’s database says that a newer version wrote it',
    make: (ward) => ward.onDevice('INSERT INTO schema_version (version) VALUES (999)'),
    evidence: {},
    fix: 'the program is updated to that version',
    mend: (ward) => ward.onDevice('DELETE FROM schema_version WHERE version = 999'),
    holdsItem: false,
  },
];
