import type { AssetId, Evidence, ReasonCode } from '@everroll/protocol';
import { type Item, itemOf } from '../items/item.ts';
import { itemState, type ItemState } from '../items/stage.ts';
import type { WorkClass } from '../policy/policy.ts';
import { beyondClass, verdict } from '../policy/waiting.ts';
import type { Driver } from '../ports/driver.ts';
import type { Conditions } from '../ports/conditions.ts';
import { deviceReasons, isStopped, reasonOf } from './status.ts';

/** The answer to "why is this photo not here?" for one file of this device. */
export interface Why {
  readonly itemId: number;
  readonly source: string;
  readonly localId: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly assetId: AssetId | null;
  readonly state: ItemState;
  readonly stage: Item['stage'];
  /** null for what is verified or being sent; of what is sent again, that the server lost it. */
  readonly reason: { readonly code: ReasonCode; readonly since: number; readonly evidence: Evidence } | null;
  readonly attempts: number;
  /** When it is tried again; null: as soon as its cause goes, or nothing is to be done. */
  readonly nextAt: number | null;
  /** Bytes that the server has of an unfinished upload. */
  readonly uploadedBytes: number | null;
}

export type WhyQuery = { readonly itemId: number } | { readonly sourceId: number; readonly localId: string } | { readonly assetId: AssetId } | { readonly sha256: string } | { readonly name: string };

export function why(driver: Driver, query: WhyQuery, conditions: Conditions, now: number): Why[] {
  const rows =
    'itemId' in query
      ? driver.prepare('SELECT * FROM item WHERE id = ?').all(query.itemId)
      : 'localId' in query
        ? driver.prepare('SELECT * FROM item WHERE source_id = ? AND local_id = ?').all(query.sourceId, query.localId)
        : 'assetId' in query
          ? driver.prepare('SELECT * FROM item WHERE asset_id = ?').all(query.assetId)
          : 'sha256' in query
            ? driver.prepare('SELECT * FROM item WHERE sha256 = ?').all(query.sha256)
            : driver.prepare('SELECT * FROM item WHERE name = ? LIMIT 100').all(query.name);
  const policy = verdict(driver, conditions, now);
  const blocking = deviceReasons(driver, policy, now);
  return rows.map((row) => {
    const item = itemOf(row);
    const begun = item.sha256 !== null && item.stage === 'send' ? driver.prepare('SELECT offset FROM upload WHERE sha256 = ?').get(item.sha256) : undefined;
    const beyond = driver.prepare(`SELECT ${beyondClass(policy)} AS class FROM item WHERE id = ?`).get(now, now, item.id)?.['class'] as WorkClass | null;
    const state = itemState({ ...item, uploading: begun !== undefined && beyond === null && !isStopped(blocking) });
    const reason = reasonOf({ ...item, beyond }, policy, blocking);
    const source = driver.prepare('SELECT location FROM source WHERE id = ?').get(item.sourceId);
    return {
      itemId: item.id,
      source: String(source?.['location']),
      localId: item.localId,
      name: item.name,
      bytes: item.bytes,
      sha256: item.sha256,
      assetId: item.assetId,
      state,
      stage: item.stage,
      reason: state === 'verified' || (state === 'uploading' && item.code === null) ? null : { code: reason.code, since: (reason.code === item.code ? item.since : reason.since) ?? item.since ?? item.firstSeenAt, evidence: reason.code === item.code ? item.evidence : reason.evidence },
      attempts: item.attempts,
      nextAt: item.nextAt > now ? item.nextAt : reason.until,
      uploadedBytes: begun ? Number(begun['offset']) : null,
    };
  });
}
