import { useEffect, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Memory, Scope } from '../device/contract.ts';

const LIBRARY: Scope = { of: 'library' };
const AGAIN_MS = 2000;

/** The day that it is for who looks. */
export function todayText(now: Date): string {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** What was taken about this day of earlier years, as the library changes; null: not known yet. */
export function useMemories(): readonly Memory[] | null {
  const { assets, collections } = useDevice();
  const [memories, setMemories] = useState<readonly Memory[] | null>(null);
  useEffect(() => {
    let isHere = true;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let isFirst = true;
    const read = (): void => {
      waiting = undefined;
      void assets.memories(todayText(new Date())).then((found) => isHere && found.ok && setMemories(found.value));
    };
    const end = collections.open(LIBRARY, () => {
      if (isFirst) read();
      else waiting ??= setTimeout(read, AGAIN_MS);
      isFirst = false;
    });
    return () => {
      isHere = false;
      clearTimeout(waiting);
      end();
    };
  }, [assets, collections]);
  return memories;
}
