import type { DeviceSettings } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';
import type { Room } from '../ports/source.ts';

/** The part of the settings that says which originals the library folder holds. */
export type StorageSettings = Pick<DeviceSettings, 'originals' | 'storageLimitBytes' | 'freeFloorBytes'>;

export const storageSettingsOf = ({ originals, storageLimitBytes, freeFloorBytes }: DeviceSettings): StorageSettings => ({ originals, storageLimitBytes, freeFloorBytes });

/** A disk below this serves nobody well: 2 GB or 5 % of it, whichever is less (BEHAVIOUR 1, "max out your iPhone storage"). */
const FLOOR_BYTES = 2_000_000_000;
const FLOOR_SHARE = 0.05;

export function floorOf(settings: StorageSettings, room: Room): number {
  return settings.freeFloorBytes ?? Math.min(FLOOR_BYTES, Math.floor(room.totalBytes * FLOOR_SHARE));
}

/** How the library folder stands against its limits. Bytes; infinite where there is no limit or the disk does not tell. */
export interface Storage {
  readonly optimises: boolean;
  /** Until the disk's floor. Below zero: so much is to become free. */
  readonly diskLeft: number;
  /** Until the size limit of originals. Below zero: so much is too much. */
  readonly limitLeft: number;
}

/** @param room null: the disk does not tell. */
export function storageNow(driver: Driver, sourceId: number, settings: StorageSettings, room: Room | null): Storage {
  const optimises = settings.originals === 'optimise';
  const limit = optimises ? settings.storageLimitBytes : null;
  return {
    optimises,
    diskLeft: room === null ? Number.POSITIVE_INFINITY : room.freeBytes - floorOf(settings, room),
    limitLeft: limit === null ? Number.POSITIVE_INFINITY : limit - heldBytes(driver, sourceId),
  };
}

/** Under pressure: so many bytes of originals are to go; 0: none. */
export const pressureOf = ({ optimises, diskLeft, limitLeft }: Storage): number => (optimises ? Math.max(0, -diskLeft, -limitLeft) : 0);

/** Of originals in the library folder that the server holds too. */
export function heldBytes(driver: Driver, sourceId: number): number {
  return Number(driver.prepare("SELECT coalesce(sum(bytes), 0) AS bytes FROM item WHERE source_id = ? AND stage = 'verified'").get(sourceId)?.['bytes']);
}
