import type { AccountId, Device, DeviceId, DeviceIntroduction } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import type { DeviceTable } from '../database/schema.ts';
import { fail } from '../http/problem.ts';
import type { SessionIdentity } from './sessions.ts';

/**
 * The device that signs in. One that this account registered before keeps its id, and so the
 * numbers of its mutations; any other id gets a new one without a word, so that nobody learns which
 * ids exist.
 */
export async function attachDevice(trx: Queries, services: Pick<Services, 'random' | 'clock'>, accountId: AccountId, introduced: DeviceIntroduction): Promise<DeviceId> {
  const now = services.clock.now();
  if (introduced.id !== undefined) {
    const known = await trx
      .updateTable('device')
      .set({ name: introduced.name, kind: introduced.kind, last_seen_at: now })
      .where('id', '=', introduced.id)
      .where('account_id', '=', accountId)
      .returning('id')
      .executeTakeFirst();
    if (known) return known.id;
  }
  const id = services.random.id() as DeviceId;
  await trx
    .insertInto('device')
    .values({ id, account_id: accountId, name: introduced.name, kind: introduced.kind, created_at: now, last_seen_at: now })
    .execute();
  return id;
}

export async function renameDevice(db: Queries, session: SessionIdentity, id: DeviceId, name: string): Promise<Device> {
  const row = await db.updateTable('device').set({ name }).where('id', '=', id).where('account_id', '=', session.accountId).returningAll().executeTakeFirst();
  return row ? deviceOf(row, session) : fail(404, 'not_found');
}

/**
 * Ends every session of a device. The device itself stays known: it may come back with changes
 * that wait in it, and with its own id they are still applied at most once (I5).
 */
export async function revokeDevice(services: Pick<Services, 'db' | 'events'>, session: SessionIdentity, id: DeviceId): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    await ownDevice(trx, session, id);
    await trx.deleteFrom('session').where('device_id', '=', id).execute();
  });
  services.events.publish({ kind: 'sessions_ended', accountId: session.accountId, deviceId: id });
}

export async function ownDevice(db: Queries, session: SessionIdentity, id: DeviceId): Promise<Selectable<DeviceTable>> {
  const row = await db.selectFrom('device').selectAll().where('id', '=', id).where('account_id', '=', session.accountId).executeTakeFirst();
  return row ?? fail(404, 'not_found');
}

export function deviceOf(row: Selectable<DeviceTable>, session: Pick<SessionIdentity, 'deviceId'>): Device {
  return { id: row.id, name: row.name, kind: row.kind, createdAt: row.created_at, lastSeenAt: row.last_seen_at, current: row.id === session.deviceId };
}
