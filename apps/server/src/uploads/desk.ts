import type { UploadId } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import type { Services } from '../context.ts';
import type { UploadTable } from '../database/schema.ts';
import { Upkeep } from '../housekeeping/upkeep.ts';
import { OriginalLocks } from '../originals/original-locks.ts';
import { Holds } from './holds.ts';
import { Room } from './room.ts';
import { RunningHashes } from './running-hashes.ts';

export type Upload = Selectable<UploadTable>;

/** What the requests for uploads and the sweeps of one process share. */
export interface UploadDesk {
  readonly services: Pick<Services, 'db' | 'clock' | 'random' | 'log' | 'events' | 'originals'>;
  readonly holds: Holds<UploadId>;
  readonly hashes: RunningHashes;
  readonly locks: OriginalLocks;
  readonly room: Room;
  readonly upkeep: Upkeep;
}

export function openUploadDesk(services: UploadDesk['services']): UploadDesk {
  return { services, room: new Room(services.originals, services.clock), holds: new Holds(), hashes: new RunningHashes(), locks: new OriginalLocks(), upkeep: new Upkeep() };
}

/** An unfinished upload is kept so long after its last byte (rule U7). */
const EXPIRES_AFTER_MS = 7 * 24 * 60 * 60 * 1000;

export function expiresAt(upload: Upload): number {
  return upload.touched_at + EXPIRES_AFTER_MS;
}

/** Uploads that were last touched before this time have expired. */
export function expiredBefore(now: number): number {
  return now - EXPIRES_AFTER_MS;
}
