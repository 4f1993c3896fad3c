import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useSyncState } from '../app/use-sync-state.ts';

/** How this device stands, always in sight; it leads to the page that says why. */
export function SyncPill(): ReactNode {
  const { tone, text } = useSyncState();
  return (
    <Link href="/health" className={`pill in-bar ${tone}`} aria-label={text}>
      <span className="dot" />
      <span className="text">{text}</span>
    </Link>
  );
}
