import { openNodeDriver } from '@everroll/agent';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { migrate } from '../src/database/schema.ts';
import { THERE, UNCHANGED, UNCHANGED_EACH, UNCHANGED_RUN, beginListing, completeListing, observeEntries } from '../src/items/scan.ts';

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

test('files of a folder that follow each other are read as one range of the index', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  const plan = driver.prepare(`EXPLAIN QUERY PLAN ${UNCHANGED_RUN}`).all(1, 'a', 'b', 1).map((row) => String(row['detail']));
  expect(plan.filter((step) => step.includes(' item '))).toEqual([expect.stringMatching(/^SEARCH item USING INDEX \S+ \(source_id=\? AND local_id>\? AND local_id<\?\)/), expect.stringMatching(/^SEARCH item USING COVERING INDEX \S+ \(source_id=\? AND local_id>\? AND local_id<\?\)/)]);
  driver.close();
});

test('in whatever order a listing shows files, it finds the same ones unchanged, changed, new and gone', () => {
  const folder = fc.constantFrom('', 'a/', 'a/b/', 'a/m/', 'c\uffff/', 'c\u{1f600}/');
  const file = fc.record({ folder, name: fc.integer({ min: 0, max: 40 }), before: fc.constantFrom('same', 'same', 'same', 'same', 'other bytes', 'other time', 'other file', 'missing', 'absent'), isThere: fc.constantFrom(true, true, true, true, true, false) });
  fc.assert(
    fc.property(fc.uniqueArray(file, { maxLength: 120, selector: (one) => `${one.folder}${one.name}` }), fc.infiniteStream(fc.nat()), (files, order) => {
      const entry = (one: (typeof files)[number]) => ({ localId: `${one.folder}IMG_${one.name}`, name: `IMG_${one.name}`, bytes: 5 + one.name, modifiedAt: 1000 + one.name, identity: `1:${one.folder}${one.name}` });
      const found = (shown: readonly ReturnType<typeof entry>[]) => {
        const driver = openNodeDriver(':memory:');
        migrate(driver);
        driver.prepare("INSERT INTO source (kind, location) VALUES ('folder', 'a')").run();
        const known = files.filter(({ before }) => before !== 'absent');
        observeEntries(driver, beginListing(driver, 1), known.map((one) => ({ ...entry(one), ...(one.before === 'other bytes' && { bytes: 1 }), ...(one.before === 'other time' && { modifiedAt: 1 }), ...(one.before === 'other file' && { identity: '2:1' }) })), 100_000, 3000);
        driver.prepare("UPDATE item SET stage = 'verified', sha256 = local_id").run();
        for (const one of known) if (one.before === 'missing') driver.prepare("UPDATE item SET stage = 'missing' WHERE local_id = ?").run(entry(one).localId);
        const listing = beginListing(driver, 1);
        for (let from = 0; from < shown.length; from += 50) observeEntries(driver, listing, shown.slice(from, from + 50), 200_000, 3000);
        const { size } = listing.seen;
        completeListing(driver, listing, 'folder', 200_000);
        const stages = driver.prepare('SELECT local_id AS name, stage, bytes, modified_at, identity FROM item ORDER BY local_id').all();
        driver.close();
        return { size, stages };
      };
      const there = files.filter(({ isThere }) => isThere).map(entry);
      const byName = there.toSorted((one, other) => Buffer.compare(Buffer.from(one.localId), Buffer.from(other.localId)));
      const anyhow = there.map((one) => ({ one, at: order.next().value ?? 0 })).toSorted((one, other) => one.at - other.at);
      expect(found(byName)).toEqual(found(anyhow.map(({ one }) => one)));
    }),
    { numRuns: 60 },
  );
});
