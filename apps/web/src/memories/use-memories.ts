import { useCallback } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { useOfLibrary } from '../app/of-library.ts';
import type { Memory } from '../device/contract.ts';
import { dayText } from '../strings/day-text.ts';

const AGAIN_MS = 2000;

/** What was taken about this day of earlier years, as the library changes; null: not known yet. */
export function useMemories(): readonly Memory[] | null {
  const { assets } = useDevice();
  return useOfLibrary(useCallback(() => assets.memories(dayText(new Date())), [assets]), AGAIN_MS);
}
