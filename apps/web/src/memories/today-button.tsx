import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import './today-button.css';

/** To the memories of this day. */
export function TodayButton(): ReactNode {
  const [, go] = useLocation();
  return (
    <IconButton label={strings.memories.today} className="today" onPress={() => go('/memories')}>
      <History />
    </IconButton>
  );
}
