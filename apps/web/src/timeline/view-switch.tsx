import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { strings } from '../strings/strings.ts';
import { Segmented } from '../ui/segmented.tsx';
import './view-switch.css';

const choices = [
  { id: 'years', label: strings.timeline.years },
  { id: 'months', label: strings.timeline.months },
  { id: 'all', label: strings.timeline.all },
] as const;

export function ViewSwitch({ chosen }: { readonly chosen: 'years' | 'months' | 'all' }): ReactNode {
  const [, go] = useLocation();
  return (
    <nav className="view-switch" aria-label={strings.timeline.views}>
      <Segmented label={strings.timeline.views} choices={choices} chosen={chosen} onChange={(view) => go(view === 'all' ? '/' : `/${view}`)} />
    </nav>
  );
}
