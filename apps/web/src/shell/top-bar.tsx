import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { SyncPill } from './sync-pill.tsx';

export interface TopBarProps {
  readonly title: string;
  readonly detail?: string;
  /** The page above this one. */
  readonly up?: string;
  readonly children?: ReactNode;
}

export function TopBar({ title, detail, up, children }: TopBarProps): ReactNode {
  const [, go] = useLocation();
  return (
    <header className="top-bar">
      {up !== undefined && (
        <IconButton label={strings.actions.back} className="back" onPress={() => go(up)}>
          <ChevronLeft />
        </IconButton>
      )}
      <h1>
        {title}
        {detail !== undefined && <small className="figures">{detail}</small>}
      </h1>
      <div className="tools">
        {children}
        <SyncPill />
      </div>
    </header>
  );
}
