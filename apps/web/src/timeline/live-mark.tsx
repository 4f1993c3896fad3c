import type { ReactNode } from 'react';

/** Rings: a picture that moves. */
export function LiveMark(): ReactNode {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
      <circle cx="12" cy="12" r="2.5" fill="currentColor" stroke="none" />
      <circle cx="12" cy="12" r="6" />
      <circle cx="12" cy="12" r="10" strokeDasharray="1.5 2.7" />
    </svg>
  );
}
