import type { LibraryId } from '@everroll/protocol';
import { hashOf } from '../world/hash.ts';
import { photoKey } from '../model/model.ts';
import type { World } from '../world/world.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Recently Deleted is emptied after so long, by the server's clock (PRODUCT 1.4). */
const RECENTLY_DELETED_MS = 30 * DAY_MS;
/** Bytes that no asset names are kept for so long (docs/protocol.md, A3): the device that sent them comes back and adds it. */
const UNNAMED_MS = 7 * DAY_MS;

/** I1, I2 and I3, on what the server's tables and disk hold at this moment. */
export function checkServer(world: World): void {
  checkPhotos(world);
  checkAssets(world);
  checkPlans(world);
}

/** Whether the server holds these bytes for this library, verified. */
export function isStored(world: World, library: LibraryId, sha256: string): boolean {
  return world.machine.database.rows('SELECT 1 FROM resource WHERE library_id = ? AND sha256 = ?', library, sha256).length > 0 && world.machine.holds(sha256);
}

/** When bytes came to the server that are in no asset of the library; null: they are in one. */
export function unnamedSince(world: World, library: LibraryId, sha256: string): number | null {
  const { database } = world.machine;
  if (database.rows('SELECT 1 FROM asset_resource WHERE library_id = ? AND sha256 = ?', library, sha256).length > 0) return null;
  const [row] = database.rows('SELECT verified_at FROM resource WHERE library_id = ? AND sha256 = ?', library, sha256);
  return row ? Number(row['verified_at']) : null;
}

/** Devices of the account whose disks hold these bytes, mounted or not. */
export function isOnDevice(world: World, library: LibraryId, sha256: string): boolean {
  const isIt = (file: { readonly content: Uint8Array }): boolean => hashOf(file.content) === sha256;
  return world.devices.some(
    (device) => device.account.libraryId === library && (device.photos.files.values().some(isIt) || (device.library?.files.values().some(isIt) ?? false) || device.aside.some(({ file }) => isIt(file))),
  );
}

/** A disaster that is no fault of the code: what exists nowhere after it is gone. */
export function accountForDisaster(world: World, why: string): void {
  for (const photo of world.model.photos.values()) {
    if (photo.gone === null && !isOnDevice(world, photo.library, photo.sha256) && !isStored(world, photo.library, photo.sha256)) photo.gone = why;
  }
}

/** Whether a person deleted it, so that it may be gone by now. */
export function mayBeGone(world: World, library: LibraryId, sha256: string): boolean {
  const deleted = world.model.deletedBytes.get(photoKey(library, sha256));
  return deleted !== undefined && (deleted.purged || world.machine.clock() - deleted.at >= RECENTLY_DELETED_MS);
}

function checkPhotos(world: World): void {
  for (const photo of world.model.photos.values()) {
    if (photo.gone !== null || world.model.rotten.has(photo.sha256) || mayBeGone(world, photo.library, photo.sha256)) continue;
    if (isOnDevice(world, photo.library, photo.sha256) || isStored(world, photo.library, photo.sha256)) continue;
    if (photo.leftSince !== null && world.machine.clock() - photo.leftSince >= UNNAMED_MS) {
      photo.gone = 'a person destroyed the last copy before its photo was in the library, and its device did not add it in time';
      continue;
    }
    world.fail('I1', `photo ${photo.sha256.slice(0, 8)} is on no device and not verified on the server`);
  }
}

function checkAssets(world: World): void {
  const { database } = world.machine;
  const resources = database.rows(
    `SELECT asset.library_id, asset.id, asset.state, asset_resource.sha256, asset_resource.bytes, resource.bytes AS stored FROM asset
     JOIN asset_resource ON asset_resource.library_id = asset.library_id AND asset_resource.asset_id = asset.id
     LEFT JOIN resource ON resource.library_id = asset.library_id AND resource.sha256 = asset_resource.sha256`,
  );
  for (const row of resources) {
    const [library, sha256] = [String(row['library_id']) as LibraryId, String(row['sha256'])];
    const photo = world.model.photo(library, sha256);
    if (row['state'] === 'trashed') goesWith(world, library, String(row['id']), sha256);
    if (photo?.gone || isLost(world, sha256)) continue;
    const what = `asset ${String(row['id']).slice(0, 8)} (${String(row['state'])}) names ${sha256.slice(0, 8)}`;
    if (row['stored'] === null) world.fail('I2', `${what}, which the library does not hold`);
    else if (row['stored'] !== row['bytes']) world.fail('I2', `${what} with ${String(row['bytes'])} bytes; the library holds ${String(row['stored'])}`);
    else if (!world.machine.holds(sha256)) world.fail('I2', `${what}, whose original is ${world.machine.originalOf(sha256) ? 'damaged' : 'not there'}`);
  }
  // What was joined to another asset is there in that one (rule A7).
  for (const row of database.rows("SELECT library_id, id FROM asset WHERE state <> 'live' AND joined_to IS NULL")) {
    const library = String(row['library_id']) as LibraryId;
    if (world.model.trashed.has(`${library}/${String(row['id'])}`)) continue;
    world.fail('I1', `asset ${String(row['id']).slice(0, 8)} was deleted, and no person did it`);
  }
}

/** What became a part of a photo (its edit, its sidecar) lies in Recently Deleted with it, since the person deleted that. */
function goesWith(world: World, library: LibraryId, asset: string, sha256: string): void {
  const { trashed, deletedBytes } = world.model;
  const [at, key] = [trashed.get(`${library}/${asset}`), photoKey(library, sha256)];
  if (at !== undefined && !deletedBytes.has(key)) deletedBytes.set(key, { at, purged: false });
}

/** What rotted, and rows that were restored without their originals, as long as nobody has sent those again. */
function isLost(world: World, sha256: string): boolean {
  const { unmatched, rotten } = world.model;
  if (!unmatched.has(sha256) && !rotten.has(sha256)) return false;
  if (!world.machine.holds(sha256)) return true;
  unmatched.delete(sha256);
  rotten.delete(sha256);
  return false;
}

function checkPlans(world: World): void {
  const rows = world.machine.database.rows(
    `SELECT account.id, plan_bytes, used_bytes, reserved_bytes,
       (SELECT coalesce(sum(resource.bytes), 0) FROM resource JOIN library ON library.id = resource.library_id WHERE library.account_id = account.id) AS used,
       (SELECT coalesce(sum(upload.reserved), 0) FROM upload WHERE upload.account_id = account.id) AS reserved
     FROM account`,
  );
  for (const row of rows) {
    const id = String(row['id']);
    const [plan, used, reserved] = [row['plan_bytes'], Number(row['used']), Number(row['reserved'])];
    if (used !== row['used_bytes']) world.fail('I3', `used is ${String(row['used_bytes'])}, the sum is ${used}`);
    if (reserved !== row['reserved_bytes']) world.fail('I3', `reserved is ${String(row['reserved_bytes'])}, the sum is ${reserved}`);
    const sum = used + reserved;
    if (plan === null || sum <= Number(plan)) world.model.overfull.delete(id);
    // A plan that a person made smaller may be exceeded by what was there; nothing is added to it.
    else if (sum > (world.model.overfull.get(id) ?? 0)) world.fail('I3', `${sum} bytes in a plan of ${Number(plan)}`);
    else world.model.overfull.set(id, sum);
  }
}
