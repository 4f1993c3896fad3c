import { openNodeDriver } from '@everroll/agent';
import { AssetId, Sha256 } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { migrate } from '../src/database/schema.ts';
import { decideRemovals } from '../src/folder/removals.ts';
import { hasUnread, observePlaced } from '../src/folder/wants.ts';
import { completeListing, beginListing } from '../src/items/scan.ts';
import { dropNeedlessPreviews } from '../src/optimise/observe.ts';
import type { Driver } from '../src/ports/driver.ts';

const sha256 = Sha256.parse('ab'.repeat(32));
const assetId = AssetId.parse('cd'.repeat(16));
const want = { assetId, sha256, bytes: 3, name: 'a.jpg', asked: false, isUnpictured: false, preview: null };
const entry = { localId: 'a.jpg', name: 'a.jpg', bytes: 3, modifiedAt: 1, identity: '1:1' };

/** What is done with each file of a folder, or at each step, must not go through all of them: ten thousand would take a hundred times what a thousand do. */
test.each<[string, (driver: Driver) => void]>([
  ['an original that was placed', (driver) => driver.transaction(() => observePlaced(driver, 1, want, entry, 1))],
  ['files that were removed', (driver) => void decideRemovals(driver, 1, 1)],
  ['files that are not read yet', (driver) => void hasUnread(driver, 1)],
  ['pictures that stand for nothing any more', (driver) => dropNeedlessPreviews(driver, 1)],
])('%s: found without going through all rows of the folder', (_, act) => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  driver.prepare("INSERT INTO source (kind, location, scan_wanted) VALUES ('folder', 'there', 0)").run();
  // One that is missing, so that what is asked about such files is asked.
  driver.prepare("INSERT INTO item (source_id, local_id, name, bytes, modified_at, identity, first_seen_at, unchanged_since, stage, sha256) VALUES (1, 'b.jpg', 'b.jpg', 1, 1, '', 1, 1, 'missing', 'x')").run();
  const asked = new Set<string>();
  act({ ...driver, prepare: (sql) => (asked.add(sql), driver.prepare(sql)) });
  expect(asked.size).toBeGreaterThan(0);
  const walks = [...asked].filter((sql) => /^\s*(?:SELECT|UPDATE|DELETE)\b/.test(sql)).filter((sql) => stepsOf(driver, sql).some((step) => /^SCAN (?:item|own|other)\b|^SEARCH (?:item|own|other) USING .*\(source_id=\?\)$/.test(step)));
  // How many files there are is asked only when some are missing, and then of all.
  expect(walks.filter((sql) => !sql.startsWith('SELECT count(*)'))).toEqual([]);
  driver.close();
});

test('a listing that missed none says so without going through all rows of its source', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  driver.prepare("INSERT INTO source (kind, location) VALUES ('source', 'there')").run();
  const asked = new Set<string>();
  const recording: Driver = { ...driver, prepare: (sql) => (asked.add(sql), driver.prepare(sql)) };
  completeListing(recording, beginListing(recording, 1), 'source', 1);
  const walks = [...asked].filter((sql) => sql.includes('item') && stepsOf(driver, sql).some((step) => /^SCAN item\b|^SEARCH item USING (?!COVERING).*\(source_id=\?\)$/.test(step)));
  expect(walks).toEqual([]);
  driver.close();
});

function stepsOf(driver: Driver, sql: string): string[] {
  return driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map((row) => String(row['detail']));
}
