import { type AppliedChange, type DeviceId, isSameMark, markOf, moveSettings, SETTINGS_CHANGES_MAX, type SettingsChange, type SettingsDocument, type SettingsMark } from '@everroll/protocol';
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
    if (!isSameMark(markOfRow(before), { version: change.base, change: change.after })) return fail(409, 'settings_changed');
    const version = change.base + 1;
    const made: AppliedChange = { version, change: change.change, registers: Object.keys(change.settings) };
    const values = {
      version,
      settings: JSON.stringify({ ...parsed(before?.settings), ...moveSettings(change.settings, now - change.clock) }),
      last_changes: JSON.stringify({ ...lastChanges, [session.deviceId]: change.change }),
      changes: JSON.stringify([...changesOf(before), made].slice(-SETTINGS_CHANGES_MAX)),
    };
    await trx
      .insertInto('device_settings')
      .values({ device_id: id, ...values })
      .onConflict((conflict) => conflict.column('device_id').doUpdateSet(values))
      .execute();
    return { row: values, applied: true };
  });
  if (applied) services.events.publish({ kind: 'device', accountId: session.accountId, event: { device: id, changed: 'settings', ...markOfRow(row) } });
  return documentOf(row, now);
}

type Kept = Pick<Selectable<DeviceSettingsTable>, 'version' | 'settings' | 'changes'>;

/** What names the state of a row, to whoever may have seen another one of the same version (rule D3). */
export function markOfRow(row: Pick<Kept, 'version' | 'changes'> | undefined): SettingsMark {
  return markOf({ version: row?.version ?? 0, changes: changesOf(row) });
}

function changesOf(row: Pick<Kept, 'changes'> | undefined): AppliedChange[] {
  return JSON.parse(row?.changes ?? '[]') as AppliedChange[];
}

async function rowOf(db: Queries, id: DeviceId): Promise<Selectable<DeviceSettingsTable> | undefined> {
  return await db.selectFrom('device_settings').selectAll().where('device_id', '=', id).executeTakeFirst();
}

function documentOf(row: Kept | undefined, clock: number): SettingsDocument {
  return { clock, version: row?.version ?? 0, settings: parsed(row?.settings), changes: changesOf(row) };
}

function parsed(text: string | undefined): object {
  return text === undefined ? {} : (JSON.parse(text) as object);
}
