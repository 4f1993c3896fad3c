import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openNodeDriver } from '@everroll/agent';
import { readMeta } from '../src/database/meta.ts';
import { migrate } from '../src/database/schema.ts';

const BEFORE = 6;
const [name, other] = ['a1'.repeat(16), 'b2'.repeat(16)];
const places = [{ seq: 3, by: name }, { seq: 9, by: other }];

/** A cursor of the version before names incarnations alone (rule C3); one that is in between has their places already. */
test.each([
  ['in the log', { phase: 'log', epoch: 'e', seq: 9, snapshot: 1, incarnations: [null, name] }, [{ seq: 9, by: null }, { seq: 9, by: name }]],
  ['before anything was read', { phase: 'snapshot', epoch: null, seq: null, next: null, snapshot: 1, incarnations: [] }, []],
  ['with places', { phase: 'log', epoch: 'e', seq: 9, snapshot: 1, incarnations: places }, places],
])('C3 a cursor of the version before is taken over: %s', (_what, cursor, incarnations) => {
  const folder = mkdtempSync(join(tmpdir(), 'everroll-earlier-'));
  const driver = openNodeDriver(join(folder, 'device.db'));
  try {
    migrate(driver, BEFORE);
    driver.prepare("INSERT INTO meta (key, value) VALUES ('cursor', ?)").run(JSON.stringify(cursor));
    migrate(driver);
    expect(readMeta(driver, 'cursor')).toEqual({ ...cursor, incarnations });
  } finally {
    driver.close();
    rmSync(folder, { recursive: true });
  }
});

test('what is noted of originals is taken over from the version before, row for row', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver, 9);
  const insert = driver.prepare("INSERT INTO original (asset_id, ordinal, role, sha256, bytes, name, captured_at, need, code, evidence, since, attempts, next_at, asked, unpictured) VALUES (?, ?, 'photo', ?, 5, 'a.jpg', 7, 1, 'device_full', '{}', 8, 2, 9, 1, 1)");
  for (const [id, ordinal] of [['b2', 0], ['a1', 1], ['a1', 0]] as const) insert.run(id.repeat(16), ordinal, `${id}${ordinal}0`.repeat(16));
  const all = () => driver.prepare('SELECT asset_id, ordinal, role, sha256, bytes, name, captured_at, need, code, evidence, since, attempts, next_at, asked, unpictured FROM original ORDER BY asset_id, ordinal').all();
  const before = all();
  migrate(driver);
  expect(all()).toEqual(before);
  expect(before).toHaveLength(3);
  // One row for each original of an asset, as before.
  expect(() => insert.run('a1'.repeat(16), 0, 'cc'.repeat(32))).toThrow('UNIQUE');
  driver.close();
});
