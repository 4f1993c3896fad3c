import { describe, expect, test } from 'vitest';
import type { DeviceOverview, DeviceReport } from '@everroll/protocol';
import { problemsOf, unsavedOf, wordsOf } from './device-words.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const counts = { found: 10, verified: 10, waiting: 0, uploading: 0, failed: 0, excluded: 0 };
const report = (more: Partial<DeviceReport> = {}): DeviceReport => ({
  state: 'idle', items: counts, bytes: counts, atRisk: { items: 0, bytes: 0, oldest: null }, downloads: { items: 0, bytes: 0 }, pendingChanges: 0, behind: 0, reasons: [], conditions: {}, versions: { protocol: 1, program: '1.0.0' }, progressAt: null, storage: { freeBytes: null }, ...more,
});
const device = (more: Partial<DeviceOverview> = {}): DeviceOverview => ({ id: 'a'.repeat(32), name: 'laptop', kind: 'agent', createdAt: 0, lastSeenAt: NOW, current: false, standing: 'in_touch', standingSince: NOW - 2 * HOUR, reportedAt: NOW, report: report(), ...more } as DeviceOverview);
const reason = (code: string, items: number) => ({ code, items, bytes: items, since: NOW - HOUR, nextAt: null, evidence: {} });

describe('how a device stands', () => {
  test.each([
    ['all saved, in touch', device(), 'ok', 'Everything is saved'],
    ['syncing', device({ report: report({ state: 'syncing' }) }), 'busy', 'Syncing'],
    ['waits for a person', device({ report: report({ state: 'blocked' }) }), 'warn', 'Needs you'],
    ['in touch and stuck', device({ standing: 'stalled' }), 'warn', 'In touch, but nothing has moved since 2 hours ago'],
    ['away: what it said is old, and no green', device({ standing: 'away' }), 'quiet', 'When it was last in touch: Everything is saved'],
    ['not seen for days', device({ standing: 'not_seen' }), 'warn', 'Not seen since 2 hours ago'],
    ['it never told', device({ report: null }), 'quiet', 'It has not told its state yet.'],
    ['nothing waits, yet something is there alone', device({ report: report({ atRisk: { items: 1, bytes: 5_000_000, oldest: NOW } }) }), 'warn', 'Everything is saved'],
  ] as const)('%s', (_what, one, tone, state) => {
    expect(wordsOf(one, NOW)).toMatchObject({ tone, state });
  });

  test('what waits is told with its amount, and why: what stops most first, what a rule leaves out not at all', () => {
    const busy = device({ report: report({ state: 'waiting', items: { ...counts, verified: 6, waiting: 3, failed: 1, excluded: 7 }, bytes: { ...counts, waiting: 2_000_000, failed: 1_000_000 }, reasons: [reason('excluded_by_rule', 7), reason('not_charging', 3), reason('quota_full', 1), reason('of_a_newer_program', 2)] }) });
    expect(unsavedOf(busy)).toEqual({ items: 4, bytes: 3_000_000 });
    expect(wordsOf(busy, NOW).open).toEqual(['4 items not saved yet, 3 MB']);
    expect(problemsOf(busy).map(({ code }) => code)).toEqual(['quota_full', 'not_charging', 'of_a_newer_program']);
    expect(wordsOf(busy, NOW).reason?.code).toBe('quota_full');
  });
});
