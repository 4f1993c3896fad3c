import type { ReactNode } from 'react';
import './brand.css';

/** The product's mark. */
export function Mark(): ReactNode {
  return (
    <svg className="mark" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
      <rect x="3" y="3" width="18" height="18" rx="5" />
      <path d="M3 16.5 8.6 11l4 4 2.6-2.4L21 17.5" strokeLinejoin="round" />
      <circle cx="15.5" cy="8.5" r="1.6" />
    </svg>
  );
}
