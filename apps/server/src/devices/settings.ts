import { type DeviceId, moveSettings, type SettingsChange, type SettingsDocument } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import { ownDevice } from '../accounts/devices.ts';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import type { DeviceSettingsTable } from '../database/schema.ts';
import { fail } from '../http/problem.ts';

/** What is set for a device, as any device of its account may ask. */
export async function settingsOf({ db, clock }: Pick<Services, 'db' | 'clock'>, session: SessionIdentity, id: DeviceId): Promise<SettingsDocument> {
  await ownDevice(db, session, id);
  return documentOf(await rowOf(db, id), clock.now());
}

/**
 * Rules D2 and D3: each register is written by the last change that arrives. A change of an older
 * version than the one that holds is refused, one that was applied already is answered again.
 */
export async function changeSettings(services: Pick<Services, 'db' | 'clock' | 'events'>, session: SessionIdentity, id: DeviceId, change: SettingsChange): Promise<SettingsDocument> {
  const now = services.clock.now();
  const { row, applied } = await services.db.transaction().execute(async (trx) => {
    await ownDevice(trx, session, id);
    const before = await rowOf(trx, id);
    const lastChanges = parsed(before?.last_changes) as Record<string, string>;
    if (before && lastChanges[session.deviceId] === change.change) return { row: before, applied: false };
    if (change.base !== (before?.version ?? 0)) return fail(409, 'settings_changed');
    const values = {
      version: change.base + 1,
      settings: JSON.stringify({ ...parsed(before?.settings), ...moveSettings(change.settings, now - change.clock) }),
      last_changes: JSON.stringify({ ...lastChanges, [session.deviceId]: change.change }),
    };
    await trx
      .insertInto('device_settings')
      .values({ device_id: id, ...values })
      .onConflict((conflict) => conflict.column('device_id').doUpdateSet(values))
      .execute();
    return { row: values, applied: true };
  });
  if (applied) services.events.publish({ kind: 'device', accountId: session.accountId, event: { device: id, changed: 'settings', version: row.version } });
  return documentOf(row, now);
}

async function rowOf(db: Queries, id: DeviceId): Promise<Selectable<DeviceSettingsTable> | undefined> {
  return await db.selectFrom('device_settings').selectAll().where('device_id', '=', id).executeTakeFirst();
}

function documentOf(row: Pick<DeviceSettingsTable, 'version' | 'settings'> | undefined, clock: number): SettingsDocument {
  return { clock, version: row?.version ?? 0, settings: parsed(row?.settings) };
}

function parsed(text: string | undefined): object {
  return text === undefined ? {} : (JSON.parse(text) as object);
}
