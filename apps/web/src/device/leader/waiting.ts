import type { Why } from '@everroll/engine';
import type { Home } from './home.ts';

/** What is not saved yet, the oldest first. */
export function waitingItems({ engine, ports }: Home, from: number, count: number): Why[] {
  return ports.driver
    .prepare("SELECT id FROM item WHERE stage NOT IN ('verified', 'remove', 'excluded') ORDER BY first_seen_at, id LIMIT ? OFFSET ?")
    .all(count, from)
    .flatMap((row) => engine.why({ itemId: Number(row['id']) }));
}
