import type { EvidenceArgument, ReasonCode } from '@everroll/protocol';
import { PARK_AFTER, retryDelay } from '../backoff.ts';
import type { Driver } from '../ports/driver.ts';
import type { Failure } from '../ports/failure.ts';
import type { Random } from '../ports/world.ts';
import type { Item } from './item.ts';
import type { Stage } from './stage.ts';

/**
 * What a picture in an original's place is: on its way out where the log has its photo as deleted, which may have been told
 * while the file was missing with its folder, and no other photo has these bytes; else it stands.
 */
export const pictureStands = `
  CASE WHEN sha256 NOT IN (SELECT sha256 FROM original) AND EXISTS (
    SELECT 1 FROM entity WHERE key = 'asset:' || item.asset_id AND seq > 0 AND CASE overlaid WHEN 1 THEN json_extract(base, '$.state') ELSE state END IN ('trashed', 'purged')
  ) THEN 'remove' ELSE 'evicted' END`;

/** Of a picture that was away with its folder. */
const keptDoubt = (column: 'code' | 'since'): string => `CASE WHEN preview = 1 AND stage = 'missing' THEN ${column} END`;

/**
 * Moves an item on: no reason stands against it any more. Its attempts are forgotten only at the
 * end: a file whose last step always fails would else be read and sent again without a bound. A
 * picture in an original's place never is the original: it is not sent, and where the server is still to be asked about the
 * original (`optimise/unconfirmed.ts`), that it was away for a while answers nothing.
 */
export function advanceItem(driver: Driver, id: number, stage: Stage): void {
  driver
    .prepare(`UPDATE item SET stage = CASE WHEN preview = 1 AND ?1 IN ('ask', 'verified') THEN ${pictureStands} ELSE ?1 END, code = ${keptDoubt('code')}, evidence = NULL, since = ${keptDoubt('since')}, attempts = CASE WHEN ?1 = 'verified' THEN 0 ELSE attempts END, next_at = 0 WHERE id = ?2`)
    .run(stage, id);
}

/** The item waits until `nextAt` for a reason that is no failure. */
export function waitItem<Code extends ReasonCode>(driver: Driver, id: number, stage: Stage, code: Code, nextAt: number, now: number, ...[evidence]: EvidenceArgument<Code>): void {
  driver
    .prepare('UPDATE item SET stage = ?, since = CASE WHEN code IS ? THEN coalesce(since, ?) ELSE ? END, code = ?, evidence = ?, next_at = ? WHERE id = ?')
    .run(stage, code, now, now, code, JSON.stringify(evidence ?? {}), nextAt, id);
}

/** Tried and failed: tried again after a backoff; after PARK_AFTER attempts set aside for a day, so that the queue goes on. */
export function failItem(driver: Driver, item: Item, stage: Stage, failure: Failure, now: number, random: Random): void {
  const attempts = item.attempts + 1;
  const parked = attempts >= PARK_AFTER;
  const code = parked ? 'repeatedly_failing' : failure.code;
  const evidence = parked ? { detail: `${failure.code}${failure.evidence.detail ? `: ${failure.evidence.detail}` : ''}` } : failure.evidence;
  waitItem(driver, item.id, stage, code, now + retryDelay(attempts, random), now, evidence);
  driver.prepare('UPDATE item SET attempts = ? WHERE id = ?').run(attempts, item.id);
}

/** The file is another one now: all that was known of its content is forgotten. */
export function restartItem(driver: Driver, id: number, entry: { bytes: number; modifiedAt: number; identity: string }, now: number): void {
  driver
    .prepare(
      `UPDATE item SET bytes = ?, modified_at = ?, identity = ?, unchanged_since = ?, stage = 'settling', sha256 = NULL, kind = NULL, media_type = NULL,
         captured_at = NULL, capture_offset = NULL, latitude = NULL, longitude = NULL, altitude = NULL, content_id = NULL, asset_id = NULL,
         mutation = NULL, again = 0, preview = 0, had = 0, kept_until = 0, code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0 WHERE id = ?`,
    )
    .run(entry.bytes, entry.modifiedAt, entry.identity, now, id);
}
