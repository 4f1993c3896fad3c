import { useCallback } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { useOfLibrary } from '../app/of-library.ts';
import type { Memory } from '../device/contract.ts';

const AGAIN_MS = 2000;

/** The day that it is for who looks. */
export function todayText(now: Date): string {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** What was taken about this day of earlier years, as the library changes; null: not known yet. */
export function useMemories(): readonly Memory[] | null {
  const { assets } = useDevice();
  return useOfLibrary(useCallback(() => assets.memories(todayText(new Date())), [assets]), AGAIN_MS);
}
