import { openNodeDriver } from '@everroll/agent';
import { expect, test } from 'vitest';
import { migrate } from '../src/database/schema.ts';
import { THERE, UNCHANGED, UNCHANGED_EACH, beginListing, completeListing, observeEntries } from '../src/items/scan.ts';

test.each([UNCHANGED, UNCHANGED_EACH])('a listing finds the row of each file by its name, however many files there are', (sql) => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  const plan = driver.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(1, '{}').map((row) => String(row['detail']));
  expect(plan.filter((step) => step.includes('item'))).toEqual([expect.stringMatching(/^SEARCH item USING INDEX \S+ \(source_id=\? AND local_id=\?\)/)]);
  expect(plan.findIndex((step) => step.includes('listed'))).toBeLessThan(plan.findIndex((step) => step.includes('item')));
  driver.close();
});

test('what a listing missed is found without reading the rows of what it showed', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  const plan = driver.prepare(`EXPLAIN QUERY PLAN ${THERE}`).all(1, 1).map((row) => String(row['detail']));
  expect(plan.filter((step) => step.includes(' item '))).toEqual([expect.stringMatching(/USING COVERING INDEX \S+ \(source_id=\?\)/), expect.stringMatching(/USING COVERING INDEX item_stage/)]);
  driver.close();
});

test('of several sources, each listing sees what is unchanged, changed, new and gone among its own', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  for (const location of ['a', 'b']) driver.prepare("INSERT INTO source (kind, location) VALUES ('source', ?)").run(location);
  const entry = (localId: string, modifiedAt = 1000) => ({ localId, name: localId, bytes: 5, modifiedAt, identity: `1:${localId}` });
  const list = (sourceId: number, now: number, ...batches: (readonly ReturnType<typeof entry>[])[]) => {
    const listing = beginListing(driver, sourceId);
    for (const batch of batches) observeEntries(driver, listing, batch, now, 3000);
    completeListing(driver, listing, 'source', now);
    return listing.seen.size;
  };
  const stages = (sourceId: number) => driver.prepare('SELECT local_id AS name, stage FROM item WHERE source_id = ? ORDER BY local_id').all(sourceId).map((row) => `${row['name']} ${row['stage']}`);
  list(1, 100_000, [entry('one'), entry('two')], [entry('three')]);
  list(2, 100_000, [entry('one')]);
  driver.prepare("UPDATE item SET stage = 'verified', sha256 = hex(id)").run();
  // The other source has a newer row now than any of this one.
  expect(list(1, 200_000, [entry('one'), entry('two', 2000), entry('two'), entry('new')])).toBe(2);
  expect(stages(1)).toEqual(['new inspect', 'one verified', 'two inspect']);
  expect(list(1, 300_000, [entry('one'), entry('two')], [entry('new')])).toBe(3);
  expect(list(2, 300_000)).toBe(0);
  expect(stages(2)).toEqual([]);
  expect(stages(1)).toEqual(['new inspect', 'one verified', 'two inspect']);
  driver.close();
});
