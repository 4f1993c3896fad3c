import { type DeviceReport, type DeviceStanding, IN_TOUCH_MS, NOT_SEEN_MS, STALLED_MS } from '@everroll/protocol';

/** What is known of a device, by the server's clock. */
export interface Known {
  /** Its last call or report. */
  readonly lastSeenAt: number;
  readonly status: { readonly reportedAt: number; readonly stateSince: number; readonly report: Pick<DeviceReport, 'state' | 'progressAt'> } | null;
}

/**
 * Rule D5. A device that says it is `syncing` names nothing that holds its work: if nothing has moved
 * for a while since it began to say so, it stands still without knowing why. One that is paused or
 * waits has told its reason.
 */
export function standingOf({ lastSeenAt, status }: Known, now: number): { readonly standing: DeviceStanding; readonly since: number } {
  const silent = now - lastSeenAt;
  if (silent >= IN_TOUCH_MS) return { standing: silent >= NOT_SEEN_MS ? 'not_seen' : 'away', since: lastSeenAt };
  if (status === null || now - status.reportedAt >= IN_TOUCH_MS) return { standing: 'in_touch', since: lastSeenAt };
  const movedAt = Math.max(status.stateSince, status.report.progressAt ?? 0);
  if (status.report.state === 'syncing' && now - movedAt >= STALLED_MS) return { standing: 'stalled', since: movedAt };
  return { standing: 'in_touch', since: status.stateSince };
}
