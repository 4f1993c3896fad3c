import { expect, test } from 'vitest';
import { killRounds } from './harness/kill-rounds.ts';

const PHOTO_BYTES = 300_000;
/** Four uploads run at once. What a kill loses of each is what no process had taken from the line. */
const IN_FLIGHT_BYTES = 4 * PHOTO_BYTES;
/** Questions, changes and headers: some kilobytes for each photo and each start. */
const QUESTIONS_BYTES = 1_000_000;

test('kill -9 of server and device in turn: all arrives, nothing stays behind, nothing is sent twice beyond what was in flight', async () => {
  const moments = [0.1, 0.9, 0.5, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6, 0.05];
  const rounds = moments.length;
  const report = await killRounds({ rounds, photos: 60, photoBytes: PHOTO_BYTES, fraction: () => moments.pop() ?? 0.5 });
  expect(report).toMatchObject({ found: 60, verified: 60, missing: 0, orphans: [], integrity: [], shrunk: 0 });
  expect(report.inFlightMaxBytes).toBeLessThan(2 * IN_FLIGHT_BYTES + QUESTIONS_BYTES);
  expect(report.beyondBytes).toBeLessThan(rounds * IN_FLIGHT_BYTES + QUESTIONS_BYTES);
});
