import type { AccountId, Actor, AlbumId, AssetId, AssetState, DeviceId, DeviceState, Epoch, Incarnation, InvitationId, LibraryId, MediaKind, MutationId, ResourceRole, Sha256, UploadId } from '@everroll/protocol';
import type { Generated } from 'kysely';

/**
 * The server's tables, as Kysely sees them. Times are milliseconds since 1970, sizes are bytes,
 * truth values are 0 and 1: the types that SQLite and Postgres share, so that one set of queries
 * serves both and a dialect folder holds what differs.
 */
export interface Database {
  account: AccountTable;
  session: SessionTable;
  one_time_code: OneTimeCodeTable;
  device_link: DeviceLinkTable;
  device: DeviceTable;
  device_status: DeviceStatusTable;
  device_settings: DeviceSettingsTable;
  library: LibraryTable;
  epoch: EpochTable;
  incarnation: IncarnationTable;
  resource: ResourceTable;
  purged_resource: PurgedResourceTable;
  asset: AssetTable;
  asset_resource: AssetResourceTable;
  album: AlbumTable;
  album_item: AlbumItemTable;
  mutation_queue: MutationQueueTable;
  mutation_result: MutationResultTable;
  upload: UploadTable;
  rendition: RenditionTable;
  scrub: ScrubTable;
  snapshot: SnapshotTable;
  snapshot_chunk: SnapshotChunkTable;
}

export interface AccountTable {
  id: AccountId;
  email: string;
  name: string;
  role: 'owner' | 'member';
  /** argon2id in PHC string format. */
  password_hash: string;
  /** null is unlimited. */
  plan_bytes: number | null;
  /** Sum of `resource.bytes` over the account's libraries; kept in the transaction that changes it (I3). */
  used_bytes: number;
  /** Sum of `upload.reserved` of its unfinished uploads. */
  reserved_bytes: number;
  disabled_at: number | null;
  created_at: number;
}

export interface SessionTable {
  /** SHA-256 of the token, hex. The token itself is kept nowhere. */
  token_hash: string;
  account_id: AccountId;
  device_id: DeviceId;
  created_at: number;
  last_used_at: number;
}

/** A code that opens an account to one more device, once (rule X6). */
export interface DeviceLinkTable {
  /** SHA-256 of the code, hex. */
  code_hash: string;
  account_id: AccountId;
  expires_at: number;
}

/** An invitation, or the reset of a password: good once and for a while. */
export interface OneTimeCodeTable {
  id: InvitationId;
  /** SHA-256 of the code, hex. The code itself is kept nowhere. */
  code_hash: string;
  /** Whose password it resets; null: it invites a person who has no account yet. */
  account_id: AccountId | null;
  /** Whom it invites; of a reset, whose it is. */
  email: string;
  /** Of an invitation: null is unlimited. */
  plan_bytes: number | null;
  created_at: number;
  expires_at: number;
}

export interface DeviceTable {
  id: DeviceId;
  account_id: AccountId;
  name: string;
  kind: 'agent' | 'browser' | 'phone';
  created_at: number;
  last_seen_at: number;
}

/** What a device last said of itself. Times, those in `report` too, are of the server's clock. */
export interface DeviceStatusTable {
  device_id: DeviceId;
  reported_at: number;
  state: DeviceState;
  /** When it was first reported so. */
  state_since: number;
  /** When it may report at its full pace again (see devices/report-rate.ts). */
  burst_full_at: number;
  /** `DeviceReport` as JSON. */
  report: string;
}

export interface DeviceSettingsTable {
  device_id: DeviceId;
  version: number;
  /** The registers that were ever set, as JSON; times are of the server's clock. */
  settings: string;
  /** The last change of each device that wrote here, as JSON: it is applied once however often it is sent. */
  last_changes: string;
  /** The last `SETTINGS_CHANGES_MAX` changes, as JSON, oldest first. */
  changes: Generated<string>;
}

export interface LibraryTable {
  id: LibraryId;
  /** Whose plan pays for it. */
  account_id: AccountId;
  name: string;
  epoch: Epoch;
  /** The counter that rule L1 speaks of. */
  head: number;
  created_at: number;
}

/** Every epoch a library has had, the one that holds now included. */
export interface EpochTable {
  library_id: LibraryId;
  epoch: Epoch;
  /** Place in the order of epochs; the times below are a clock's and may jump. */
  ordinal: number;
  /** The `seq` of this epoch at which its successor began; null while it holds. */
  forked_at: number | null;
  began_at: number;
  /** Larger than that of any epoch that this library is known to have gone through before it, lost ones included (rule C4). */
  generation: Generated<number>;
}

/** A start of a server on this database, and the head at which it began to write. */
export interface IncarnationTable {
  library_id: LibraryId;
  from_seq: number;
  incarnation: Incarnation;
}

/** Bytes that the library holds, verified, unless they are lost since. Charged to the library's account. */
export interface ResourceTable {
  library_id: LibraryId;
  sha256: Sha256;
  bytes: number;
  verified_at: number;
  /** How often assets of its library name it, and what it counts as in the usage bar: see `plans/kinds.ts`. */
  named: Generated<number>;
  kind: Generated<number>;
  /** Why the store no longer has them whole, and since when that is known (rule S1). */
  lost: Generated<Loss | null>;
  lost_at: Generated<number | null>;
  /** When all of them were last read and their hash was right. */
  scrubbed_at: Generated<number>;
}

/** `damaged`: there was a file, with other bytes; it was set aside. */
export type Loss = 'missing' | 'damaged';

/** What a person purged: remembered by hash (rule A4). */
export interface PurgedResourceTable {
  library_id: LibraryId;
  sha256: Sha256;
  purged_at: number;
}

/** Columns of every row that stands in the log. */
interface LogColumns {
  library_id: LibraryId;
  /** The last change of this row; the log is the index over (library_id, seq). */
  seq: number;
  /** Who made it, and the last change before it by anyone else: together they answer rule M7 and M8. */
  actor: Actor;
  foreign_seq: number;
  /** `seq` in the lost epoch if the last change was an offer, and the generation in which that was written (rule C4). */
  offer_seq: number | null;
  offer_generation: Generated<number>;
}

export interface AssetTable extends LogColumns {
  id: AssetId;
  state: AssetState;
  trashed_at: number | null;
  media_kind: MediaKind;
  primary_sha256: Sha256;
  added_at: number;
  captured_at: number;
  capture_offset_minutes: number | null;
  latitude: number | null;
  longitude: number | null;
  altitude: number | null;
  favourite: number;
  hidden: number;
  archived: number;
  caption: string | null;
  /** `MediaDetails` as JSON (rule A6). */
  details: string | null;
  /** Of the details, and the stem of the primary resource's name: by these the parts of one photo find each other (rule A7). */
  content_identifier: string | null;
  stem: string | null;
  joined_to: AssetId | null;
  /** `AsTaken` as JSON, while a person has set another date or place (rule M11). */
  as_taken: string | null;
  /** 1: the details mark it as a screenshot. */
  screenshot: number;
  /** The version of the media pipeline that read the resources which the row has now; 0 until then. */
  described: number;
  /** `Adjustments` as JSON; null: it was never adjusted (rules E1 to E6). */
  adjustments: string | null;
  /** The task that draws its current look; null where it is shown as it was taken. */
  adjusted_task: RenditionTask | null;
  /** The last change that was not derived: `seq` less what the server read from originals since. */
  edit_seq: number;
}

export interface AssetResourceTable {
  library_id: LibraryId;
  asset_id: AssetId;
  /** Place among the asset's resources, from 0. */
  ordinal: number;
  role: ResourceRole;
  sha256: Sha256;
  bytes: number;
  name: string;
  media_type: string;
}

export interface AlbumTable extends LogColumns {
  id: AlbumId;
  name: string;
  deleted: number;
  created_at: number;
}

export interface AlbumItemTable extends LogColumns {
  album_id: AlbumId;
  asset_id: AssetId;
  present: number;
  position: string;
}

/** How far a device's mutations of one library were applied, and how far it knows of it. */
export interface MutationQueueTable {
  device_id: DeviceId;
  library_id: LibraryId;
  last_number: number;
  acknowledged: number;
}

export interface MutationResultTable {
  device_id: DeviceId;
  library_id: LibraryId;
  number: number;
  id: MutationId;
  /** null is a rejection, then `code` says why. */
  seq: number | null;
  code: string | null;
}

export interface UploadTable {
  id: UploadId;
  library_id: LibraryId;
  account_id: AccountId;
  device_id: DeviceId;
  sha256: Sha256;
  bytes: number;
  /** What is reserved of the plan for it; 0 where its bytes are charged already and come again (rule S5). */
  reserved: Generated<number>;
  file_name: string;
  created_at: number;
  /** Time of the last byte; the upload expires a while after it. */
  touched_at: number;
}

/** What was made from the bytes of one original, and who is making it. */
export interface RenditionTable {
  sha256: Sha256;
  task: RenditionTask;
  /** Of the pipeline that made what stands here; 0 while nothing was made. */
  version: number;
  /** null: it is to be made. */
  outcome: 'made' | 'failed' | null;
  /** Why nothing, or not all, could be made. */
  code: 'corrupt_media' | 'unsupported_media' | null;
  /** `MediaDetails` as JSON; null of a video preview. */
  details: string | null;
  /** `StoredRendition[]` as JSON. */
  files: string;
  /** Tools that this machine did not have and that more might come out with: their names in order, with commas; null where none. */
  lacking: string | null;
  /** Leases in a row that ended without a word: whoever had them was killed. */
  attempts: number;
  lease_holder: string | null;
  /** Until then it is someone's, or nobody's turn has come again. */
  lease_until: number;
  made_at: number | null;
}

/** The snapshot that is kept of a library: its chunks show every row as it was at `seq`, or later. */
export interface SnapshotTable {
  library_id: LibraryId;
  epoch: Epoch;
  /** Which properties an asset had when it was made. */
  format: string;
  seq: number;
}

export interface SnapshotChunkTable {
  library_id: LibraryId;
  /** The entry that it begins behind, and the last one in it (log/snapshot-place.ts); empty: the beginning, and the end. */
  after: string;
  next: string;
  /** Rows in columns (rule C6), compressed with gzip. */
  body: Uint8Array;
}

/** One row: what is known of the store of originals as a whole, and who reads it again. */
export interface ScrubTable {
  id: number;
  /** What stands in the store by which it is known; null until one was written. */
  store_mark: string | null;
  /** Since when the folder that is there is not the store; null: it is. */
  absent_since: number | null;
  inventory_at: number | null;
  /** When an original was last read to its end. */
  read_at: number | null;
  /** A person wants all that was not read since then to be read now. */
  asked_at: number | null;
  lease_holder: string | null;
  lease_until: Generated<number>;
}

/**
 * `images`: details, thumbnail and preview. `details`: these alone, of what moves in a Live Photo. `video_preview`: a video
 * that every browser plays. `adjusted:` and `edited:` are followed by the hash of a look (renditions/look.ts).
 */
export type RenditionTask = 'images' | 'details' | 'video_preview' | `adjusted:${string}` | `edited:${string}`;
