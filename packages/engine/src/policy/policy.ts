import type { ReasonCode } from '@everroll/protocol';
import type { Identity, Settings } from '../database/meta.ts';
import type { Conditions } from '../ports/world.ts';

/**
 * Whether this device may work now: one pure function of settings and conditions, asked again at
 * every change and before each effect (I7). `until` is when the answer changes by itself.
 */
export type Permission = { readonly may: 'run' } | { readonly may: 'not'; readonly code: ReasonCode; readonly until: number | null };

export function permission(of: { settings: Settings; identity: Identity | null; signedIn: boolean; conditions: Conditions; now: number }): Permission {
  if (!of.identity || !of.signedIn) return { may: 'not', code: 'signed_out', until: null };
  if (!of.settings.sync) return { may: 'not', code: 'sync_off', until: null };
  if (of.settings.pausedUntil !== null && of.settings.pausedUntil > of.now) return { may: 'not', code: 'paused_by_user', until: of.settings.pausedUntil };
  if (of.conditions.online === false) return { may: 'not', code: 'offline', until: null };
  return { may: 'run' };
}
