import { openNodeDriver } from '@everroll/agent';
import type { Driver } from '@everroll/engine';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseVersion, migrate } from '../src/database/schema.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everroll-at-once-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['that is new', 0],
  ['of an earlier version', 3],
])('a database %s is opened by two processes at once: whoever comes second finds it made', (_, version) => {
  const path = join(folder, 'device.db');
  const [first, second] = [openNodeDriver(path), openNodeDriver(path)];
  if (version > 0) migrate(first, version);
  let isFirst = true;
  const late: Driver = {
    ...second,
    transaction: (body) => {
      // Both have looked at the version by now.
      if (isFirst) expect(migrate(first)).toMatchObject({ ok: true });
      isFirst = false;
      return second.transaction(body);
    },
  };
  expect(migrate(late)).toMatchObject({ ok: true });
  expect(databaseVersion(second)).toBe(databaseVersion(first));
  expect(second.prepare('SELECT count(*) AS n FROM schema_version').get()).toEqual({ n: databaseVersion(first) });
  first.close();
  second.close();
});
