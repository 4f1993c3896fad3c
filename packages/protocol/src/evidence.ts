import { z } from 'zod';
import type { ReasonCode } from './reasons.ts';

/**
 * What is measured with each reason. A code cannot be produced without what stands here: the
 * functions that make one (`failed` of the engine, `fail` of the server, the rules of policy) take
 * the evidence of the very code that they are given.
 */
const detail = z.string();
const bytes = z.int().min(0);

/** What happened, in the words of the system, the network or the one who answered. */
const told = z.object({ detail: detail.optional() });
const toldAlways = z.object({ detail });
/** Seconds to wait, where who answered said so. */
const patience = z.object({ detail: detail.optional(), retryAfter: z.number().optional() });
/** The battery's charge, where this device tells it. */
const charge = z.object({ percent: z.number().optional() });
const short = z.object({ shortBytes: z.int() });

export const evidenceSchemas = {
  // settings
  sync_off: told,
  paused_by_user: told,
  signed_out: told,
  session_revoked: told,
  account_disabled: told,
  wrong_account: toldAlways,
  source_access_revoked: toldAlways,
  source_missing: toldAlways,
  excluded_by_rule: told,
  deleted_from_library: told,
  // connection
  offline: told,
  captive_portal: patience,
  dns_failed: told,
  server_unreachable: told,
  tls_invalid: told,
  proxy_interferes: patience,
  rate_limited: patience,
  server_maintenance: patience,
  mobile_data_off: z.object({ gate: z.enum(['system', 'everroll']) }),
  mobile_allowance_used: z.object({ limitBytes: bytes, usedBytes: bytes }),
  low_data_mode: told,
  metered_consent_needed: z.object({ limitBytes: bytes }),
  waiting_for_wifi: told,
  clock_skew: told,
  // storage
  quota_full: short,
  item_larger_than_plan: short,
  device_full: z.object({ detail: detail.optional(), freeBytes: bytes.optional(), floorBytes: bytes.optional() }),
  server_disk_full: z.object({ detail: detail.optional(), shortBytes: z.int().optional(), retryAfter: z.number().optional() }),
  // state
  local_database_corrupt: toldAlways,
  lease_stuck: told,
  stalled: told,
  not_running: told,
  duplicate_device_identity: told,
  server_rolled_back: z.object({ epoch: z.string().optional(), forkedAt: z.int().optional() }),
  server_database_corrupt: told,
  originals_missing: told,
  upkeep_failed: told,
  mass_deletion_guard: toldAlways,
  // version
  client_too_old: told,
  server_too_old: told,
  replica_newer_than_program: toldAlways,
  // power
  not_charging: charge,
  low_power_mode: told,
  battery_low: z.object({ percent: z.number(), floorPercent: z.number() }),
  too_hot: told,
  outside_schedule: told,
  // item
  queued: told,
  still_being_written: told,
  changed_during_upload: told,
  vanished: told,
  unreadable: told,
  empty_file: told,
  corrupt_media: told,
  unsupported_media: told,
  live_photo_incomplete: told,
  companion_incomplete: told,
  bit_rot: told,
  repeatedly_failing: toldAlways,
  checksum_mismatch: told,
  resource_missing: told,
  // changes that the log refused
  newer_edit: told,
  not_in_recently_deleted: told,
  album_deleted: told,
  // requests
  not_found: told,
  invalid_request: told,
  body_too_large: z.object({ detail: detail.optional(), offset: bytes.optional() }),
  sign_in_failed: told,
  setup_refused: told,
  link_expired: told,
  last_owner: told,
  foreign_origin: told,
  settings_changed: told,
  upload_gone: told,
  offset_mismatch: z.object({ offset: bytes }),
  range_invalid: told,
  mutation_gap: z.object({ expected: z.int() }),
  internal_error: told,
} as const satisfies Record<ReasonCode, z.ZodObject>;

export type EvidenceOf<Code extends ReasonCode> = z.infer<(typeof evidenceSchemas)[Code]>;

/** The evidence as an argument that may be left out where nothing of it is required, and one behind it. */
export type EvidenceArgument<Code extends ReasonCode, Next = never> = object extends EvidenceOf<Code> ? [evidence?: EvidenceOf<Code>, next?: Next] : [evidence: EvidenceOf<Code>, next?: Next];
