import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { Mark } from '../ui/brand.tsx';
import { Roll } from './roll.tsx';
import './session.css';

/** The pages before the library: a roll of pictures, and one thing to do. */
export function Frame({ title, lead, children }: { readonly title: string; readonly lead: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="session">
      <div className="roll">
        <Roll />
      </div>
      <div className="words">
        <header className="brand">
          <Mark />
          {strings.product}
        </header>
        <main>
          <h1>{title}</h1>
          <p className="lead">{lead}</p>
          {children}
        </main>
      </div>
    </div>
  );
}
