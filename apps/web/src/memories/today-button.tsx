import { History } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import './today-button.css';
import { useMemories } from './use-memories.ts';

/** To the memories, on a day that has some. */
export function TodayButton(): ReactNode {
  const [, go] = useLocation();
  const isSome = useMemories()?.some(({ isToday }) => isToday) ?? false;
  if (!isSome) return null;
  return (
    <IconButton label={strings.memories.today} className="today" onPress={() => go('/memories')}>
      <History />
    </IconButton>
  );
}
