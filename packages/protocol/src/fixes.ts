import { z } from 'zod';
import { type ReasonCode, reasons } from './reasons.ts';

/**
 * What software can do about a reason. `automatic` needs nobody's decision; `one_tap` changes what a
 * person chose, so that person says yes; `guided` is done by hand, in the words of the table of reasons.
 */
export const FixKind = z.enum(['automatic', 'one_tap', 'guided']);
export type FixKind = z.infer<typeof FixKind>;

export const FixAction = z.enum([
  'switch_on',
  'resume',
  'retry',
  'sync_for_an_hour',
  'allow_mobile_data_once',
  'allow_mobile_data',
  'renew_mobile_allowance',
  'allow_unlimited_mobile_data',
  'restart_sync',
  'retry_items',
  'optimise_now',
  'rebuild_database',
  'start_sync',
]);
export type FixAction = z.infer<typeof FixAction>;

export interface FixActionText {
  readonly kind: Exclude<FixKind, 'guided'>;
  /** What it does, as a person is told before. */
  readonly sentence: string;
  /** It is asked for by name even where everything is to be mended at once. */
  readonly asks: 'costs_money' | null;
}

export const fixActions: Readonly<Record<FixAction, FixActionText>> = {
  switch_on: { kind: 'one_tap', sentence: 'Switch syncing on', asks: null },
  resume: { kind: 'one_tap', sentence: 'Continue syncing', asks: null },
  retry: { kind: 'automatic', sentence: 'Try again now', asks: null },
  sync_for_an_hour: { kind: 'one_tap', sentence: 'Sync anyway for one hour', asks: null },
  allow_mobile_data_once: { kind: 'one_tap', sentence: 'Let what waits now go over mobile data, this once', asks: 'costs_money' },
  allow_mobile_data: { kind: 'one_tap', sentence: 'Allow mobile data from now on', asks: 'costs_money' },
  renew_mobile_allowance: { kind: 'one_tap', sentence: 'Allow the daily amount of mobile data once more today', asks: 'costs_money' },
  allow_unlimited_mobile_data: { kind: 'one_tap', sentence: 'Allow unlimited mobile data from now on', asks: 'costs_money' },
  restart_sync: { kind: 'automatic', sentence: 'Restart sync: check the database, let go of what is stuck, look at every source again', asks: null },
  retry_items: { kind: 'automatic', sentence: 'Try these items again now', asks: null },
  optimise_now: { kind: 'one_tap', sentence: 'Let originals that the server holds give way to previews in the library folder, as far as the disk needs it', asks: null },
  rebuild_database: { kind: 'automatic', sentence: 'Set the damaged database aside and build a new one; nothing that the server has is sent twice', asks: null },
  start_sync: { kind: 'automatic', sentence: 'Sync now', asks: null },
};

const actionsOf: Readonly<Partial<Record<ReasonCode, readonly FixAction[]>>> = {
  sync_off: ['switch_on'],
  paused_by_user: ['resume'],
  source_missing: ['retry'],
  source_access_revoked: ['retry'],
  offline: ['retry'],
  captive_portal: ['retry'],
  dns_failed: ['retry'],
  server_unreachable: ['retry'],
  tls_invalid: ['retry'],
  proxy_interferes: ['retry'],
  server_maintenance: ['retry'],
  rate_limited: ['retry'],
  internal_error: ['retry'],
  mobile_data_off: ['allow_mobile_data_once', 'allow_mobile_data'],
  metered_consent_needed: ['allow_mobile_data_once'],
  mobile_allowance_used: ['renew_mobile_allowance', 'allow_unlimited_mobile_data'],
  waiting_for_wifi: ['sync_for_an_hour'],
  quota_full: ['retry'],
  item_larger_than_plan: ['retry'],
  device_full: ['retry', 'optimise_now'],
  server_disk_full: ['retry'],
  local_database_corrupt: ['rebuild_database'],
  stalled: ['restart_sync'],
  lease_stuck: ['restart_sync'],
  not_running: ['start_sync'],
  not_charging: ['sync_for_an_hour'],
  low_power_mode: ['sync_for_an_hour'],
  battery_low: ['sync_for_an_hour'],
  too_hot: ['sync_for_an_hour'],
  outside_schedule: ['sync_for_an_hour'],
  vanished: ['retry_items'],
  unreadable: ['retry_items'],
  changed_during_upload: ['retry_items'],
  bit_rot: ['retry_items'],
  checksum_mismatch: ['retry_items'],
  resource_missing: ['retry_items'],
  repeatedly_failing: ['retry_items'],
};

export function fixOf(code: ReasonCode): { kind: FixKind; actions: FixAction[]; steps: string[] } {
  const actions = [...(actionsOf[code] ?? [])];
  const [first] = actions;
  return { kind: first === undefined ? 'guided' : fixActions[first].kind, actions, steps: [...reasons[code].fixes] };
}
