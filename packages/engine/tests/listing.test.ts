import { openNodeDriver } from '@everroll/agent';
import { expect, test } from 'vitest';
import { migrate } from '../src/database/schema.ts';
import { UNCHANGED } from '../src/items/scan.ts';

test('a listing finds the row of each file by its name, however many files there are', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  const plan = driver.prepare(`EXPLAIN QUERY PLAN ${UNCHANGED}`).all(1, '{}').map((row) => String(row['detail']));
  expect(plan.filter((step) => step.includes('item'))).toEqual([expect.stringMatching(/^SEARCH item USING INDEX \S+ \(source_id=\? AND local_id=\?\)/)]);
  expect(plan.findIndex((step) => step.includes('listed'))).toBeLessThan(plan.findIndex((step) => step.includes('item')));
  driver.close();
});
