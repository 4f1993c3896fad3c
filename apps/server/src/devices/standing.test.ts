import { IN_TOUCH_MS, NOT_SEEN_MS, STALLED_MS } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { type Known, standingOf } from './standing.ts';

const now = 1_800_000_000_000;
const minute = 60_000;

const known = (state: 'idle' | 'syncing' | 'waiting', ago: { seen?: number; reported?: number; state?: number; progress?: number | null }): Known => ({
  lastSeenAt: now - (ago.seen ?? 0),
  status: { reportedAt: now - (ago.reported ?? 0), stateSince: now - (ago.state ?? 0), report: { state, progressAt: ago.progress === null || ago.progress === undefined ? null : now - ago.progress } },
});

test.each<[string, Known, string, number]>([
  ['has just spoken', known('idle', { state: minute }), 'in_touch', now - minute],
  ['works and gets on', known('syncing', { state: 60 * minute, progress: minute }), 'in_touch', now - 60 * minute],
  ['began to work after it had been idle for days', known('syncing', { state: minute, progress: NOT_SEEN_MS }), 'in_touch', now - minute],
  ['works and does not get on', known('syncing', { state: 60 * minute, progress: STALLED_MS }), 'stalled', now - STALLED_MS],
  ['works and never got on', known('syncing', { state: STALLED_MS, progress: null }), 'stalled', now - STALLED_MS],
  ['waits with its reasons', known('waiting', { state: 60 * minute, progress: 60 * minute }), 'in_touch', now - 60 * minute],
  ['calls, and has not reported of late', known('syncing', { reported: IN_TOUCH_MS, state: 60 * minute, progress: 60 * minute }), 'in_touch', now],
  ['is silent', known('syncing', { seen: IN_TOUCH_MS, reported: IN_TOUCH_MS, state: 60 * minute, progress: 60 * minute }), 'away', now - IN_TOUCH_MS],
  ['has been silent for days', known('idle', { seen: NOT_SEEN_MS, reported: NOT_SEEN_MS }), 'not_seen', now - NOT_SEEN_MS],
  ['has never reported', { lastSeenAt: now - minute, status: null }, 'in_touch', now - minute],
])('D5 a device that %s', (_, device, standing, since) => {
  expect(standingOf(device, now)).toEqual({ standing, since });
});
