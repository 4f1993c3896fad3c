import { type DeviceEvent, type DeviceId, type HeadEvent, isSameMark, type LibraryId, type SettingsMark } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Queries } from '../database/open.ts';
import { markOfRow } from '../devices/settings.ts';
import { librariesOf } from '../libraries/authorize.ts';

/** What the tables hold of all that a session is told about. */
export interface Seen {
  readonly heads: Map<LibraryId, HeadEvent>;
  readonly devices: ReadonlyMap<DeviceId, { readonly settings: SettingsMark; readonly reportedAt: number }>;
  /** Bytes that the plan has left. */
  readonly room: number;
}

export async function see(db: Queries, session: SessionIdentity): Promise<Seen> {
  const libraries = await librariesOf(db, session);
  const devices = await db
    .selectFrom('device')
    .leftJoin('device_settings', 'device_settings.device_id', 'device.id')
    .leftJoin('device_status', 'device_status.device_id', 'device.id')
    .select(['device.id', 'device_settings.version', 'device_settings.changes', 'device_status.reported_at'])
    .where('account_id', '=', session.accountId)
    .execute();
  const account = await db.selectFrom('account').select(['plan_bytes', 'used_bytes', 'reserved_bytes']).where('id', '=', session.accountId).executeTakeFirst();
  return {
    heads: new Map(libraries.map(({ id, epoch, head }) => [id, { library: id, epoch, head }])),
    devices: new Map(devices.map((row) => [row.id, { settings: markOfRow(row.version === null || row.changes === null ? undefined : { version: row.version, changes: row.changes }), reportedAt: row.reported_at ?? 0 }])),
    room: account ? (account.plan_bytes ?? Number.POSITIVE_INFINITY) - account.used_bytes - account.reserved_bytes : 0,
  };
}

const NEVER_SET: SettingsMark = { version: 0 };

export interface News {
  readonly heads: readonly HeadEvent[];
  readonly devices: readonly DeviceEvent[];
  readonly hasRoom: boolean;
}

/** What is to be told to `own`. A head that was told meanwhile is not taken back. */
export function newsIn(before: Seen, now: Seen, own: DeviceId): News {
  return {
    heads: [...now.heads.values()].filter(({ library, epoch, head }) => {
      const told = before.heads.get(library);
      return told === undefined || told.epoch !== epoch || told.head < head;
    }),
    devices: [...now.devices].flatMap(([device, { settings, reportedAt }]): DeviceEvent[] => {
      const known = before.devices.get(device);
      return [
        ...(settings.version > 0 && !isSameMark(settings, known?.settings ?? NEVER_SET) ? [{ device, changed: 'settings' as const, ...settings }] : []),
        ...(device !== own && reportedAt !== (known?.reportedAt ?? 0) ? [{ device, changed: 'status' as const }] : []),
      ];
    }),
    hasRoom: now.room > before.room,
  };
}
