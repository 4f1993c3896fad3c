/**
 * The one table of reasons (PRODUCT section 3). No other place words one: the command line, the
 * interface and the server's problem documents read it. What stands here is what this version can
 * produce.
 *
 * scope: `device` concerns all of a device's work, `item` one file or asset, `request` one call to the server.
 * class: `waiting` resolves by itself; `blocked` needs a person; `failed` was tried and is tried again
 * at a stated time; `excluded` by a rule; `warning` stops nothing.
 */
export type ReasonScope = 'device' | 'item' | 'request';
export type ReasonClass = 'waiting' | 'blocked' | 'failed' | 'excluded' | 'warning';

export interface Reason {
  readonly scope: ReasonScope;
  readonly class: ReasonClass;
  /** One sentence that a person understands. */
  readonly sentence: string;
  /** What to do, in the order in which to try it; empty where it resolves by itself. */
  readonly fixes: readonly string[];
}

const table = {
  // settings
  sync_off: { scope: 'device', class: 'blocked', sentence: 'Syncing is switched off on this device.', fixes: ['Switch it on: everroll set sync=on'] },
  paused_by_user: { scope: 'device', class: 'waiting', sentence: 'Syncing is paused on this device.', fixes: ['Continue now: everroll resume'] },
  signed_out: { scope: 'device', class: 'blocked', sentence: 'This device is not signed in to a server.', fixes: ['Sign in: everroll sign-in ADDRESS --email YOU@EXAMPLE.COM'] },
  session_revoked: { scope: 'device', class: 'blocked', sentence: 'The server has ended this device’s session.', fixes: ['Sign in again; what waits is kept: everroll sign-in'] },
  account_disabled: { scope: 'device', class: 'blocked', sentence: 'The server’s owner has disabled this account.', fixes: ['Ask the owner of the server to enable it'] },
  wrong_account: { scope: 'device', class: 'blocked', sentence: 'This device holds the library of another account.', fixes: ['Sign in to the account that the library belongs to', 'Or use an empty EVERROLL_HOME for the other account; two libraries are never merged'] },
  source_access_revoked: { scope: 'device', class: 'blocked', sentence: 'This device is not allowed to read the source folder.', fixes: ['Give this user the right to read the folder'] },
  source_missing: { scope: 'device', class: 'blocked', sentence: 'The source folder is not there: unmounted, moved or removed.', fixes: ['Connect or mount it again; nothing was deleted', 'If it moved: everroll source remove OLD, everroll source add NEW'] },
  excluded_by_rule: { scope: 'item', class: 'excluded', sentence: 'This file is neither a photo nor a video.', fixes: ['If it is one, give it its proper file name ending'] },
  deleted_from_library: { scope: 'item', class: 'excluded', sentence: 'A person deleted this photo from the library; it does not come back by itself.', fixes: ['Add it again: everroll why FILE --add-again'] },
  // connection
  offline: { scope: 'device', class: 'waiting', sentence: 'This device has no network connection.', fixes: ['Connect to a network'] },
  captive_portal: { scope: 'device', class: 'blocked', sentence: 'The network answers in the server’s place: it wants a sign-in page opened first.', fixes: ['Open a page in the browser and sign in to the network'] },
  dns_failed: { scope: 'device', class: 'waiting', sentence: 'The server’s name could not be looked up.', fixes: ['Check the server’s address', 'Check the network’s name server'] },
  server_unreachable: { scope: 'device', class: 'waiting', sentence: 'The server does not answer.', fixes: ['See that the server runs and that this device can reach its address'] },
  tls_invalid: { scope: 'device', class: 'blocked', sentence: 'The server’s certificate is not valid.', fixes: ['Renew the server’s certificate', 'Check the date and time of this device'] },
  proxy_interferes: { scope: 'device', class: 'failed', sentence: 'Something between this device and the server answers in its place or limits what is sent.', fixes: ['Raise the proxy’s body limit to 32 MB, or use another address of the server'] },
  rate_limited: { scope: 'device', class: 'waiting', sentence: 'The server asked this device to wait before it tries again.', fixes: [] },
  server_maintenance: { scope: 'device', class: 'waiting', sentence: 'The server is being maintained or has an error.', fixes: ['Wait, or look at the server’s log'] },
  mobile_data_off: { scope: 'device', class: 'waiting', sentence: 'The connection is metered and mobile data is switched off; only what you ask for moves.', fixes: ['Connect to Wi-Fi', 'Or allow it: everroll set mobile-data=on'] },
  mobile_allowance_used: { scope: 'device', class: 'waiting', sentence: 'The connection is metered and today’s allowance does not cover this; it waits for Wi-Fi or for tomorrow.', fixes: ['Connect to Wi-Fi', 'Or raise the allowance: everroll set mobile-allowance=500MB', 'Or let everything pass: everroll set unlimited-updates=on'] },
  low_data_mode: { scope: 'device', class: 'waiting', sentence: 'Low Data Mode is on; originals wait.', fixes: ['Switch Low Data Mode off in the system’s network settings'] },
  metered_consent_needed: { scope: 'item', class: 'blocked', sentence: 'This is large and the connection is metered; it waits for your consent.', fixes: ['Send or fetch it all the same: everroll ask PHOTO --consent', 'Or connect to Wi-Fi'] },
  waiting_for_wifi: { scope: 'device', class: 'waiting', sentence: 'You chose that originals move on Wi-Fi only, and the connection is metered.', fixes: ['Connect to Wi-Fi', 'Or go on for an hour: everroll sync --now'] },
  clock_skew: { scope: 'device', class: 'warning', sentence: 'This device’s clock differs from the server’s.', fixes: ['Set the date and time; the order of changes does not depend on it'] },
  // storage
  quota_full: { scope: 'item', class: 'blocked', sentence: 'The storage plan is full.', fixes: ['Free up space: everroll space', 'Ask the owner of the server for a larger plan: everroll accounts plan EMAIL PLAN'] },
  item_larger_than_plan: { scope: 'item', class: 'blocked', sentence: 'This file alone is larger than the whole storage plan.', fixes: ['Ask the owner of the server for a larger plan: everroll accounts plan EMAIL PLAN'] },
  device_full: { scope: 'device', class: 'blocked', sentence: 'This device has no free space left for downloads.', fixes: ['Free space on this device', 'Or let originals give way to previews: everroll set originals=optimise', 'Or move Everroll’s own data to a disk with room: end Everroll, move its folder, and name that in EVERROLL_HOME'] },
  server_disk_full: { scope: 'device', class: 'waiting', sentence: 'The server’s disk is full; what is stored stays, new originals wait.', fixes: ['Free or add space on the server; uploads go on by themselves'] },
  // state
  local_database_corrupt: { scope: 'device', class: 'blocked', sentence: 'This device’s own database is damaged.', fixes: ['Build it anew: everroll doctor --fix; nothing that the server has is sent twice'] },
  lease_stuck: { scope: 'device', class: 'failed', sentence: 'Something was begun or put off by an earlier run and is not taken up again.', fixes: ['Let go of it: everroll restart-sync'] },
  stalled: { scope: 'device', class: 'failed', sentence: 'There is work to do, the server is in touch, and nothing moves.', fixes: ['Restart sync: everroll restart-sync', 'If it stays so, restart this device', 'Show it to someone who helps: everroll support-bundle'] },
  not_running: { scope: 'device', class: 'waiting', sentence: 'There is work to do, and no process does it now.', fixes: ['Once: everroll sync', 'Or stay in sync: everroll sync --watch'] },
  server_database_corrupt: { scope: 'device', class: 'blocked', sentence: 'The server’s own database is damaged.', fixes: ['Stop the server and bring back its newest backup; the devices offer again what it lacks'] },
  originals_missing: { scope: 'device', class: 'blocked', sentence: 'The server’s folder of originals is empty or another one; nothing is concluded from what it lacks.', fixes: ['Mount or connect the disk that holds the originals', 'If they are gone for good, let the devices send what they have: everroll verify --server --originals-are-gone'] },
  upkeep_failed: { scope: 'device', class: 'failed', sentence: 'The server’s regular upkeep failed or does not run; it is tried again within the hour.', fixes: ['Look at the server’s log', 'Restart the server'] },
  duplicate_device_identity: { scope: 'device', class: 'blocked', sentence: 'Another installation uses this device’s identity.', fixes: ['Sign in again: this one gets an identity of its own; its queue is kept'] },
  server_rolled_back: { scope: 'device', class: 'waiting', sentence: 'The server was restored from an older backup; this device offers again what it holds, and deletes nothing until that is done.', fixes: [] },
  mass_deletion_guard: { scope: 'device', class: 'blocked', sentence: 'Many files vanished from the folder at once; nothing is deleted before a person confirms it.', fixes: ['If you deleted them: everroll folder confirm', 'If not: put the files back, or everroll folder restore'] },
  // version
  client_too_old: { scope: 'device', class: 'blocked', sentence: 'This device’s program is too old for the server.', fixes: ['Update Everroll on this device; what waits is kept'] },
  server_too_old: { scope: 'device', class: 'blocked', sentence: 'The server’s program is too old for this device.', fixes: ['Update Everroll on the server; what waits is kept'] },
  replica_newer_than_program: { scope: 'device', class: 'blocked', sentence: 'The database was written by a newer version of the program.', fixes: ['Update this program'] },
  // power
  not_charging: { scope: 'device', class: 'waiting', sentence: 'You chose that originals move while charging, and this device is not.', fixes: ['Connect the charger', 'Or go on for an hour: everroll sync --now'] },
  low_power_mode: { scope: 'device', class: 'waiting', sentence: 'Low Power Mode is on; the backlog waits.', fixes: ['Connect the charger or switch Low Power Mode off', 'Or go on for an hour: everroll sync --now'] },
  battery_low: { scope: 'device', class: 'waiting', sentence: 'The battery is low; the backlog waits.', fixes: ['Connect the charger', 'Or go on for an hour: everroll sync --now'] },
  too_hot: { scope: 'device', class: 'waiting', sentence: 'This device is too hot; the backlog waits until it has cooled down.', fixes: ['Let it cool down', 'Or go on for an hour: everroll sync --now'] },
  outside_schedule: { scope: 'device', class: 'waiting', sentence: 'It is not the time of day that you chose for originals.', fixes: ['Go on for an hour: everroll sync --now', 'Or change the time: everroll set schedule=22:00-06:00'] },
  // item
  queued: { scope: 'item', class: 'waiting', sentence: 'It is next in line; nothing stands in its way.', fixes: [] },
  still_being_written: { scope: 'item', class: 'waiting', sentence: 'The file is still being written.', fixes: [] },
  changed_during_upload: { scope: 'item', class: 'failed', sentence: 'The file changed while it was being read; it is sent anew.', fixes: [] },
  vanished: { scope: 'item', class: 'failed', sentence: 'The file was there and is gone before it could be saved.', fixes: ['Put it back if you have it elsewhere', 'Or take it off this list: everroll sync --retry'] },
  unreadable: { scope: 'item', class: 'failed', sentence: 'The file cannot be read.', fixes: ['Give this user the right to read it', 'Check the disk'] },
  empty_file: { scope: 'item', class: 'excluded', sentence: 'The file is empty: there is nothing in it to save.', fixes: ['If it should hold a photo, copy it again from where it came'] },
  corrupt_media: { scope: 'item', class: 'warning', sentence: 'The file is damaged and cannot be shown, or only in part; it is kept byte for byte.', fixes: ['Add another copy of it, if there is one'] },
  unsupported_media: { scope: 'item', class: 'warning', sentence: 'This kind of file cannot be shown; it is kept byte for byte.', fixes: ['Download the original and open it with the program that made it'] },
  live_photo_incomplete: { scope: 'item', class: 'waiting', sentence: 'This is one half of a Live Photo; it waits a moment for the other half and then goes up as it is.', fixes: [] },
  companion_incomplete: { scope: 'item', class: 'waiting', sentence: 'This file belongs to a photo that is not here yet (its RAW, its edit or the like); it waits a moment for the photo and then goes up as it is.', fixes: [] },
  bit_rot: { scope: 'item', class: 'waiting', sentence: 'What is stored is lost or no longer what was saved; a device that has it as it was sends it again.', fixes: ['Sync the other devices: one that has it sends it by itself'] },
  repeatedly_failing: { scope: 'item', class: 'failed', sentence: 'This failed again and again; it is set aside so that the rest goes on.', fixes: ['Try once more: everroll sync --retry'] },
  checksum_mismatch: { scope: 'item', class: 'failed', sentence: 'What arrived is not what was announced; nothing was stored.', fixes: ['Send the file again'] },
  resource_missing: { scope: 'item', class: 'failed', sentence: 'The library does not hold the bytes that this change names; they are sent first.', fixes: [] },
  // changes that the log refused
  newer_edit: { scope: 'item', class: 'excluded', sentence: 'Someone edited this photo after you saw it; it was not deleted for ever.', fixes: ['Look at it and delete it again'] },
  not_in_recently_deleted: { scope: 'item', class: 'excluded', sentence: 'Only what lies in Recently Deleted can be deleted for ever.', fixes: ['Delete it first'] },
  album_deleted: { scope: 'item', class: 'excluded', sentence: 'The album was deleted.', fixes: ['Make a new album'] },
  // requests
  not_found: { scope: 'request', class: 'blocked', sentence: 'There is nothing here, or it is not yours.', fixes: [] },
  invalid_request: { scope: 'request', class: 'blocked', sentence: 'The request is not one that this server understands.', fixes: ['See /api/openapi.json'] },
  body_too_large: { scope: 'request', class: 'blocked', sentence: 'The request is larger than this server accepts.', fixes: ['Send it in smaller parts'] },
  sign_in_failed: { scope: 'request', class: 'blocked', sentence: 'The e-mail address or the password is wrong.', fixes: ['Check both and try again'] },
  setup_refused: { scope: 'request', class: 'blocked', sentence: 'The owner’s account exists already, or the set-up code is wrong.', fixes: ['Sign in, or use the code that the server printed when it started'] },
  link_expired: { scope: 'request', class: 'blocked', sentence: 'This invitation or reset was used already, has expired or was withdrawn.', fixes: ['Ask the owner of the server for a new one'] },
  last_owner: { scope: 'request', class: 'blocked', sentence: 'This is the server’s only owner; without one nobody could change accounts any more.', fixes: ['Make another account an owner first'] },
  foreign_origin: { scope: 'request', class: 'blocked', sentence: 'The request comes from another site.', fixes: ['Open the library at the server’s own address'] },
  settings_changed: { scope: 'request', class: 'failed', sentence: 'The settings of this device were changed by somebody else meanwhile.', fixes: ['Look at them and set yours again'] },
  upload_gone: { scope: 'request', class: 'failed', sentence: 'This upload is finished, stopped or expired.', fixes: ['Begin it again'] },
  offset_mismatch: { scope: 'request', class: 'failed', sentence: 'The server holds another number of bytes than the request continues from.', fixes: ['Ask for the offset and go on from there'] },
  range_invalid: { scope: 'request', class: 'blocked', sentence: 'The range lies outside the file.', fixes: [] },
  mutation_gap: { scope: 'request', class: 'failed', sentence: 'A change before this one has not arrived.', fixes: ['Send the changes in order'] },
  internal_error: { scope: 'request', class: 'failed', sentence: 'The server made a mistake; nothing was lost.', fixes: ['Try again', 'Tell the owner of the server: its log has the details'] },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof table;

export const reasons: Readonly<Record<ReasonCode, Reason>> = table;

export const reasonCodes = Object.keys(table) as ReasonCode[];

export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(table, text);
}
