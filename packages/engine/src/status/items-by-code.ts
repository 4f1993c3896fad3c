import type { ReasonCode } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';
import type { Stage } from '../items/stage.ts';

/** How many items stand at which stage for which reason of their own. */
export interface ItemsByCode {
  readonly stage: Stage;
  readonly code: ReasonCode | null;
  readonly items: number;
  readonly bytes: number;
  readonly mostAttempts: number;
}

export function itemsByCode(driver: Driver): ItemsByCode[] {
  return driver
    .prepare('SELECT stage, code, count(*) AS items, sum(bytes) AS bytes, max(attempts) AS attempts FROM item GROUP BY stage, code ORDER BY stage, code')
    .all()
    .map((row) => ({ stage: row['stage'] as Stage, code: row['code'] as ReasonCode | null, items: Number(row['items']), bytes: Number(row['bytes']), mostAttempts: Number(row['attempts']) }));
}
