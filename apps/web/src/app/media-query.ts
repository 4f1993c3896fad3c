import { useCallback, useSyncExternalStore } from 'react';

function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    useCallback(
      (listener: () => void) => {
        const list = matchMedia(query);
        list.addEventListener('change', listener);
        return () => list.removeEventListener('change', listener);
      },
      [query],
    ),
    () => matchMedia(query).matches,
  );
}

/** The side bar gives way to a tab bar: shell.css uses the same width. */
export const useIsNarrow = (): boolean => useMediaQuery('(max-width: 48rem)');
export const prefersStillness = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
