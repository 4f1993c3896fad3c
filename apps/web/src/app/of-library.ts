import { useEffect, useState } from 'react';
import type { Result, Scope } from '../device/contract.ts';
import { useDevice } from './device-context.tsx';

const LIBRARY: Scope = { of: 'library' };

/**
 * What is worked out of the whole library: read once, and again after the library has changed, not more
 * often than every `againMs` while it is being read in. null: not known yet.
 * @param read is the same function until something else is meant
 */
export function useOfLibrary<T>(read: () => Promise<Result<T>>, againMs: number): T | null {
  const { collections } = useDevice();
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    let isHere = true;
    let isFirst = true;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      waiting = undefined;
      void read().then((found) => isHere && found.ok && setValue(() => found.value));
    };
    const end = collections.open(LIBRARY, () => {
      if (isFirst) ask();
      else waiting ??= setTimeout(ask, againMs);
      isFirst = false;
    });
    return () => {
      isHere = false;
      clearTimeout(waiting);
      end();
    };
  }, [collections, read, againMs]);
  return value;
}
