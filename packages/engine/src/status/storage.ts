import type { DeviceSettings, Evidence } from '@everroll/protocol';
import { evictableNow } from '../optimise/evictable.ts';
import { floorOf, heldBytes, pressureOf, storageNow } from '../optimise/storage.ts';
import type { Driver } from '../ports/driver.ts';
import type { Room } from '../ports/source.ts';
import { lacking } from '../replica/originals.ts';

/** How the library folder's originals stand against what they may take. Bytes. */
export interface StorageState {
  readonly held: number;
  readonly evicted: { readonly items: number; readonly bytes: number };
  readonly evictable: { readonly items: number; readonly bytes: number };
  readonly limitBytes: number | null;
  /** null: the disk does not tell. */
  readonly disk: (Room & { readonly floorBytes: number }) | null;
  /** So much is to become free; 0: nothing has to. */
  readonly pressure: number;
}

/** null: this device has no library folder. */
export function storageState(driver: Driver, settings: DeviceSettings, diskRoom: Room | null, now: number): StorageState | null {
  const sourceId = folderId(driver);
  if (sourceId === null) return null;
  return {
    held: heldBytes(driver, sourceId),
    evicted: evictedOriginals(driver),
    evictable: evictableNow(driver, sourceId, now),
    limitBytes: settings.storageLimitBytes,
    disk: diskRoom === null ? null : { ...diskRoom, floorBytes: floorOf(settings, diskRoom) },
    pressure: pressureOf(storageNow(driver, sourceId, settings, diskRoom)),
  };
}

export function evictedOriginals(driver: Driver): { readonly items: number; readonly bytes: number } {
  const row = driver.prepare("SELECT count(*) AS items, coalesce(sum(bytes), 0) AS bytes FROM (SELECT DISTINCT original.sha256, original.bytes FROM item JOIN original ON original.sha256 = item.sha256 WHERE item.stage = 'evicted')").get();
  return { items: Number(row?.['items'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
}

/** Originals that the library folder is to fetch and has no room for; null: none. */
export function downloadsWithoutRoom(driver: Driver, settings: DeviceSettings, diskRoom: Room | null, now: number): { readonly items: number; readonly bytes: number; readonly evidence: Evidence } | null {
  const sourceId = folderId(driver);
  if (sourceId === null || driver.prepare('SELECT 1 AS found FROM original WHERE need = 1 AND code IS NULL LIMIT 1').get() === undefined) return null;
  const { diskLeft, limitLeft, optimises } = storageNow(driver, sourceId, settings, diskRoom);
  const onDisk = Math.min(Number.MAX_SAFE_INTEGER, Math.floor(diskLeft));
  const inLimit = optimises && Number.isFinite(limitLeft) ? limitLeft + evictableNow(driver, sourceId, now).bytes : Number.MAX_SAFE_INTEGER;
  // With optimised storage a picture stands for what does not fit, unless there is none or a person asked for it.
  const row = driver
    .prepare(
      `SELECT count(*) AS items, coalesce(sum(bytes), 0) AS bytes FROM (
         SELECT DISTINCT sha256, bytes FROM ${lacking} AND code IS NULL
           AND CASE WHEN ?1 = 0 OR asked > 0 THEN bytes > ?2 WHEN unpictured = 1 OR role = 'sidecar' THEN bytes > min(?2, ?3) ELSE 0 END)`,
    )
    .get(optimises ? 1 : 0, onDisk, inLimit);
  const items = Number(row?.['items'] ?? 0);
  return items === 0 ? null : { items, bytes: Number(row?.['bytes'] ?? 0), evidence: diskRoom === null ? {} : { freeBytes: diskRoom.freeBytes, floorBytes: floorOf(settings, diskRoom) } };
}

function folderId(driver: Driver): number | null {
  const id = driver.prepare("SELECT id FROM source WHERE kind = 'folder'").get()?.['id'];
  return typeof id === 'number' ? id : null;
}
