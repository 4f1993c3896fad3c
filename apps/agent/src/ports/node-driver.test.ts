import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { driverContract } from '@everroll/engine/contracts';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { openNodeDriver } from './node-driver.ts';

driverContract('node:sqlite', async () => {
  const folder = await temporaryFolder();
  return { open: () => openNodeDriver(join(folder.path, 'device.db')), end: folder.end };
});

test('it is durable: WAL with full synchronisation', async () => {
  const folder = await temporaryFolder();
  const driver = openNodeDriver(join(folder.path, 'device.db'));
  expect(driver.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
  expect(driver.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 });
  driver.close();
  await folder.end();
});

test('a file that is no database is refused at once', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder.path, 'device.db'), 'a shopping list, long enough to be looked at as a header of a database file '.repeat(20));
  expect(() => openNodeDriver(join(folder.path, 'device.db'))).toThrow(/not a database/);
  await folder.end();
});

test('what an earlier version left open to others is closed to them', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'device.db');
  const first = openNodeDriver(path);
  first.exec('CREATE TABLE note (text)');
  const files = [path, `${path}-wal`, `${path}-shm`];
  for (const file of files) await chmod(file, 0o644);
  const second = openNodeDriver(path);
  for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
  second.close();
  first.close();
  await folder.end();
});
