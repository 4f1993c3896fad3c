import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';
import { isStored, mayBeGone } from './server.ts';

interface ServerRow {
  readonly key: string;
  readonly seq: number;
  /** A tombstone is in no snapshot. */
  readonly isTombstone: boolean;
}

/** I4, and that what a device calls verified is so. */
export function checkDevices(world: World): void {
  for (const device of world.devices) {
    const cursor = cursorOf(device);
    if (!cursor || cursor.epoch !== epochOf(world, device) || world.model.unaware.get(device.name) === cursor.epoch) continue;
    if (cursor.phase === 'log') checkReplica(world, device, cursor.seq);
    checkVerified(world, device, cursor.phase === 'log' ? cursor.seq : -1);
  }
}

export interface CursorSeen {
  readonly phase: string;
  readonly epoch: string | null;
  readonly seq: number;
  /** Which snapshot of all it is, or was. */
  readonly snapshot: number;
  /** Which starts of the server wrote what it read, oldest first. */
  readonly incarnations: readonly { readonly by: string | null }[];
}

export function cursorOf(device: Device): CursorSeen | undefined {
  const [row] = device.database.rows("SELECT value FROM meta WHERE key = 'cursor'");
  return row && (JSON.parse(String(row['value'])) as CursorSeen);
}

export function epochOf(world: World, device: Device): string {
  return String(world.machine.database.rows('SELECT epoch FROM library WHERE id = ?', device.account.libraryId)[0]?.['epoch']);
}

export function serverRows(world: World, library: string): ServerRow[] {
  return world.machine.database
    .rows(
      `SELECT 'asset:' || id AS key, seq, state = 'purged' AS tombstone FROM asset WHERE library_id = ?1
       UNION ALL SELECT 'album:' || id, seq, deleted FROM album WHERE library_id = ?1
       UNION ALL SELECT 'album_item:' || album_id || '/' || asset_id, seq, present = 0 FROM album_item WHERE library_id = ?1`,
      library,
    )
    .map((row) => ({ key: String(row['key']), seq: Number(row['seq']), isTombstone: row['tombstone'] === 1 }));
}

/** I4: what lies at or before the cursor was applied, exactly as it is, or parked. */
function checkReplica(world: World, device: Device, cursor: number): void {
  const held = new Map(device.database.rows('SELECT key, seq FROM entity WHERE seq > 0').map((row) => [String(row['key']), Number(row['seq'])]));
  for (const row of serverRows(world, device.account.libraryId)) {
    const seq = held.get(row.key);
    held.delete(row.key);
    if (row.seq > cursor || seq === row.seq || (row.isTombstone && seq === undefined)) continue;
    world.fail('I4', `${device.name} is at ${cursor} and has ${row.key.slice(0, 20)} at ${seq ?? 'nothing'}; the log has it at ${row.seq}`);
  }
  for (const [key, seq] of held) if (seq <= cursor) world.fail('I4', `${device.name} has ${key.slice(0, 20)} at ${seq}, which the log does not have`);
}

/** I1: people free space and delete files by what a device calls verified. */
function checkVerified(world: World, device: Device, cursor: number): void {
  const library = device.account.libraryId;
  for (const row of device.database.rows("SELECT local_id, sha256 FROM item WHERE stage = 'verified'")) {
    const sha256 = String(row['sha256']);
    const photo = world.model.photo(library, sha256);
    if (!photo || photo.gone !== null || mayBeGone(world, library, sha256) || isStored(world, library, sha256)) continue;
    // The store lost it, by rot or by an operator's hand. Once the log has said so, and this device has read that, it is a lie.
    if ((world.model.unmatched.has(sha256) || world.model.rotten.has(sha256)) && !hasHeard(world, library, sha256, cursor)) continue;
    world.fail('I1', `${device.name} calls ${String(row['local_id'])} (${sha256.slice(0, 8)}) verified; the server does not hold it`);
  }
}

/** Whether a device at this cursor has read that the server lost these bytes: every asset that names them says so at or before it. */
function hasHeard(world: World, library: string, sha256: string, cursor: number): boolean {
  const [row] = world.machine.database.rows('SELECT lost FROM resource WHERE library_id = ? AND sha256 = ?', library, sha256);
  if (!row || row['lost'] === null) return false;
  const naming = world.machine.database.rows('SELECT seq FROM asset_resource JOIN asset ON asset.library_id = asset_resource.library_id AND asset.id = asset_id WHERE asset.library_id = ? AND sha256 = ?', library, sha256);
  return naming.length > 0 && naming.every(({ seq }) => Number(seq) <= cursor);
}
