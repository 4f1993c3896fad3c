import { type DeviceId, type DeviceList, type DeviceOverview, type DeviceReport, moveReport, type ReportAnswer, type ReportRequest } from '@everroll/protocol';
import { deviceOf } from '../accounts/devices.ts';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import { fail } from '../http/problem.ts';
import { turnOf } from './report-rate.ts';
import { markOfRow } from './settings.ts';
import { standingOf } from './standing.ts';

const lastReportOf = prepared((db, id: DeviceId) => db.selectFrom('device_status').select(['state', 'state_since', 'burst_full_at', 'report']).where('device_id', '=', id));
const marksOf = prepared((db, id: DeviceId) => db.selectFrom('device_settings').select(['version', 'changes']).where('device_id', '=', id));

/** Keeps what a device says of itself, and tells the others of its account where it says something new. */
export async function takeReport(services: Pick<Services, 'db' | 'clock' | 'events'>, session: SessionIdentity, id: DeviceId, request: ReportRequest): Promise<ReportAnswer> {
  // Nobody speaks for another device.
  if (id !== session.deviceId) return fail(404, 'not_found');
  const now = services.clock.now();
  const report = moveReport(request.report, now - request.clock);
  const text = JSON.stringify(report);
  const { isNews, mark } = await services.db.transaction().execute(async (trx) => {
    const before = await lastReportOf(trx, id);
    const turn = turnOf(before?.burst_full_at ?? null, now);
    if (!turn.may) return fail(429, 'rate_limited', { retryAfter: turn.retryAfterSeconds });
    const values = { reported_at: now, state: report.state, state_since: before?.state === report.state ? before.state_since : now, burst_full_at: turn.burstFullAt, report: text };
    await trx
      .insertInto('device_status')
      .values({ device_id: id, ...values })
      .onConflict((conflict) => conflict.column('device_id').doUpdateSet(values))
      .execute();
    const settings = await marksOf(trx, id);
    return { isNews: before?.report !== text, mark: markOfRow(settings) };
  });
  if (isNews) services.events.publish({ kind: 'device', accountId: session.accountId, event: { device: id, changed: 'status' } });
  return { settingsVersion: mark.version, settingsChange: mark.change };
}

/** The devices that are signed in, with their last reports; the one last seen first. */
export async function overviewOf(db: Queries, session: SessionIdentity, now: number): Promise<DeviceList> {
  const rows = await db
    .selectFrom('device')
    .leftJoin('device_status', 'device_status.device_id', 'device.id')
    .selectAll('device')
    .select(['device_status.reported_at', 'device_status.state_since', 'device_status.report'])
    .where('account_id', '=', session.accountId)
    .where((eb) => eb.exists(eb.selectFrom('session').select('token_hash').whereRef('session.device_id', '=', 'device.id')))
    .execute();
  const devices = rows
    .map((row): DeviceOverview => {
      const { reported_at: reportedAt, state_since: stateSince } = row;
      const report = row.report === null ? null : (JSON.parse(row.report) as DeviceReport);
      const lastSeenAt = Math.max(row.last_seen_at, reportedAt ?? 0);
      const status = reportedAt === null || stateSince === null || report === null ? null : { reportedAt, stateSince, report };
      const { standing, since } = standingOf({ lastSeenAt, status }, now);
      return { ...deviceOf(row, session), lastSeenAt, standing, standingSince: since, reportedAt, report };
    })
    .toSorted((a, b) => b.lastSeenAt - a.lastSeenAt || (a.id < b.id ? -1 : 1));
  return { clock: now, devices };
}
