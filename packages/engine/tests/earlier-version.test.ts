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

test('what is noted of originals is taken over from the version before, row for row, where their asset is known', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver, 9);
  const insert = driver.prepare("INSERT INTO original (asset_id, ordinal, role, sha256, bytes, name, captured_at, need, code, evidence, since, attempts, next_at, asked, unpictured) VALUES (?, ?, 'photo', ?, 5, 'a.jpg', 7, 1, 'device_full', '{}', 8, 2, 9, 1, 1)");
  for (const id of ['b2', 'a1']) driver.prepare("INSERT INTO entity (key, kind, seq) VALUES ('asset:' || ?, 'asset', 1)").run(id.repeat(16));
  for (const [id, ordinal] of [['b2', 0], ['a1', 1], ['a1', 0], ['c3', 0]] as const) insert.run(id.repeat(16), ordinal, `${id}${ordinal}0`.repeat(16));
  const all = () => driver.prepare('SELECT asset_id, ordinal, role, sha256, bytes, name, captured_at, need, code, evidence, since, attempts, next_at, asked, unpictured FROM original ORDER BY asset_id, ordinal').all();
  const before = all();
  expect(before).toHaveLength(4);
  migrate(driver);
  expect(all()).toEqual(before.filter((row) => row['asset_id'] !== 'c3'.repeat(16)));
  // One row for each original of an asset, as before, and none without its asset.
  const numbers = driver.prepare("SELECT id FROM entity WHERE key = 'asset:' || ?").get('a1'.repeat(16));
  const again = driver.prepare("INSERT INTO original (entity_id, asset_id, ordinal, role, sha256, bytes, name, captured_at) VALUES (?, ?, 0, 'photo', 'cc', 5, 'a.jpg', 7)");
  expect(() => again.run(Number(numbers?.['id']), 'a1'.repeat(16))).toThrow('UNIQUE');
  expect(() => again.run(99, 'c3'.repeat(16))).toThrow('FOREIGN KEY');
  driver.prepare("DELETE FROM entity WHERE key = 'asset:' || ?").run('a1'.repeat(16));
  expect(all().map((row) => row['asset_id'])).toEqual(['b2'.repeat(16)]);
  driver.close();
});
