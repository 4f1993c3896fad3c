import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { Mark } from '../ui/brand.tsx';
import './starting.css';

/** Shown for as long as the database takes to open; so short as a rule that it appears late. */
export function Starting(): ReactNode {
  return (
    <main className="starting" role="status">
      <Mark />
      <span>{strings.session.starting}</span>
    </main>
  );
}
