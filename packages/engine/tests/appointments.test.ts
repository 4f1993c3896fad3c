import { openNodeDriver } from '@everroll/agent';
import { expect, test } from 'vitest';
import { mendAppointments } from '../src/appointments.ts';
import { migrate } from '../src/database/schema.ts';

const HOUR = 3_600_000;
const AT = Date.UTC(2026, 0, 10);

test.each([
  ['went back by nine hours while nothing ran', AT - 9 * HOUR, undefined, 0],
  ['went back by a year while nothing ran', AT - 365 * 24 * HOUR, undefined, 0],
  ['went back by an hour since the last look', AT - HOUR, AT, 0],
  ['is set right by less than a second', AT - 900, undefined, AT + 5_000],
  ['goes on', AT + 1_000, undefined, AT + 5_000],
])('what waits for a time of a clock that %s', (_, now, seenAt, nextAt) => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  driver.exec(`INSERT INTO source (id, kind, location, scanned_at) VALUES (1, 'source', '/photos', ${AT})`);
  driver.exec(`INSERT INTO item (source_id, local_id, name, bytes, modified_at, identity, first_seen_at, unchanged_since, stage, next_at) VALUES (1, 'one.jpg', 'one.jpg', 5, 0, '', 0, 0, 'send', ${AT + 5_000})`);
  mendAppointments(driver, now, seenAt);
  expect(driver.prepare('SELECT next_at FROM item').get()).toEqual({ next_at: nextAt });
  // It is mended once.
  expect(driver.prepare('SELECT scanned_at FROM source').get()).toEqual({ scanned_at: Math.min(now, AT) });
});
