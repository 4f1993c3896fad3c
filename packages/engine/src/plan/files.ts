import { itemsWhere } from '../items/item.ts';
import type { Draft } from './draft.ts';
import { limits } from './effect.ts';

/** What is read on this device: listings, files that settle, files that are hashed. */
export function planFiles(draft: Draft): void {
  for (const row of draft.driver.prepare('SELECT id, next_at FROM source WHERE scan_wanted = 1').all()) {
    const sourceId = Number(row['id']);
    if (Number(row['next_at']) > draft.now) draft.later(Number(row['next_at']));
    else if (draft.room('scan') > 0 && draft.runningOf('remove') + draft.runningOf('evict') === 0) draft.add({ do: 'scan', key: `scan:${sourceId}`, sourceId });
  }
  planDue(draft, 'settling', 'stat');
  planDue(draft, 'inspect', 'inspect');
}

function planDue(draft: Draft, stage: 'settling' | 'inspect', kind: 'stat' | 'inspect'): void {
  // As many more as may be running already, so that those do not fill the answer.
  for (const item of itemsWhere(draft.driver, `stage = '${stage}' AND next_at <= ? ORDER BY next_at, id LIMIT ${limits[kind] * 2}`, draft.now)) {
    if (draft.room(kind) > 0) draft.add({ do: kind, key: `${kind}:${item.id}`, item });
  }
  draft.later(draft.nextOf(stage));
}
