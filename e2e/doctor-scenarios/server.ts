import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import type { Scenario } from '../harness/scenario.ts';
import type { Ward } from '../harness/ward.ts';

const database = (ward: Ward): string => join(ward.server.data, 'everroll.db');
const backup = (ward: Ward): string => join(ward.stage.path, 'newest-backup.db');
const inTheWay = (ward: Ward): string => join(ward.server.data, 'set-aside');

/** What the server’s owner sees with each run of the doctor. */
export const server: readonly Scenario[] = [
  {
    code: 'server_database_corrupt',
    check: 'server_database',
    cause: 'a page of the server’s database is lost',
    make: async (ward) => {
      await ward.server.stop();
      await copyFile(database(ward), backup(ward));
      const file = new DatabaseSync(database(ward));
      const page = Number(file.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'asset_screenshot'").get()?.['rootpage']);
      const size = Number(file.prepare('PRAGMA page_size').get()?.['page_size']);
      file.close();
      const content = await readFile(database(ward));
      content.fill(0x5a, size * (page - 1), size * page);
      await writeFile(database(ward), content);
      await ward.server.start();
    },
    evidence: { tables: expect.any(Number) },
    fix: 'the owner brings the newest backup back',
    mend: async (ward) => {
      await ward.server.stop();
      for (const ending of ['-wal', '-shm']) await rm(`${database(ward)}${ending}`, { force: true });
      await copyFile(backup(ward), database(ward));
      await ward.server.start();
    },
    without: 'sync',
    holdsItem: false,
    spoils: true,
  },
  {
    code: 'upkeep_failed',
    check: 'housekeeping',
    cause: 'an original that nobody names is to be set aside, and a file lies where the folder for those belongs',
    make: async (ward) => {
      await ward.server.stop();
      await rm(inTheWay(ward), { recursive: true, force: true });
      await writeFile(inTheWay(ward), 'no folder');
      const orphan = join(ward.server.data, 'originals', 'ee', 'ee');
      await mkdir(orphan, { recursive: true });
      await writeFile(join(orphan, 'e'.repeat(64)), 'an original that nobody names');
      await ward.server.start();
    },
    evidence: { steps: expect.any(Array) },
    fix: 'the owner takes it away and starts the server again',
    mend: async (ward) => {
      await ward.server.stop();
      await rm(inTheWay(ward));
      await ward.server.start();
    },
    holdsItem: false,
    spoils: true,
  },
  {
    code: 'internal_error',
    check: 'originals',
    cause: 'the counter of a plan does not agree with what is stored',
    make: (ward) => ward.onServer("UPDATE account SET used_bytes = used_bytes + 1 WHERE email = 'ada@example.com'"),
    evidence: { bytes: expect.any(Number), countedBytes: expect.any(Number) },
    fix: 'whoever helps sets it right',
    mend: (ward) => ward.onServer("UPDATE account SET used_bytes = used_bytes - 1 WHERE email = 'ada@example.com'"),
    holdsItem: false,
  },
];
