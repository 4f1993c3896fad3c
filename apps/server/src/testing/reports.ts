import type { DeviceReport, ReportRequest } from '@everroll/protocol';

/** A report as a device sends it: idle with nothing on it, but for what a test is about. */
export function reportOf(report: Partial<DeviceReport> = {}, clock = Date.UTC(2026, 0, 1)): ReportRequest {
  const none = { found: 0, verified: 0, waiting: 0, uploading: 0, failed: 0, excluded: 0 };
  return {
    clock,
    report: {
      state: 'idle',
      items: none,
      bytes: none,
      atRisk: { items: 0, bytes: 0, oldest: null },
      downloads: { items: 0, bytes: 0 },
      pendingChanges: 0,
      behind: 0,
      reasons: [],
      conditions: {},
      versions: { protocol: 1, program: '0.1.0' },
      progressAt: null,
      storage: { freeBytes: null },
      ...report,
    },
  };
}
