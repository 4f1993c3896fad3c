import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { strings } from '../strings/strings.ts';
import '../ui/segmented.css';
import './view-switch.css';

const choices = [
  { id: 'years', to: '/years', label: strings.timeline.years },
  { id: 'months', to: '/months', label: strings.timeline.months },
  { id: 'all', to: '/', label: strings.timeline.all },
] as const;

/** The pages that show the library from farther away: each has its address, so they are links. */
export function ViewSwitch({ chosen }: { readonly chosen: (typeof choices)[number]['id'] }): ReactNode {
  return (
    <nav className="view-switch" aria-label={strings.timeline.views}>
      <div className="segmented">
        {choices.map(({ id, to, label }) => (
          <Link key={id} href={to} {...(id === chosen && { 'aria-current': 'page' })}>
            {label}
          </Link>
        ))}
      </div>
    </nav>
  );
}
