import { useCallback, useEffect, useState } from 'react';
import type { Failure, Result } from '../device/contract.ts';

export type Asked<T> = { readonly state: 'loading' } | { readonly state: 'failed'; readonly failure: Failure } | { readonly state: 'here'; readonly value: T };

/**
 * The answer to a question that is asked once, and again by `again` (what was there stays meanwhile).
 * @param ask is the same function until the question is another one
 */
export function useAsked<T>(ask: () => Promise<Result<T>>): { readonly asked: Asked<T>; readonly again: () => void } {
  const [asked, setAsked] = useState<Asked<T>>({ state: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    void ask().then((result) => {
      if (isCurrent) setAsked(result.ok ? { state: 'here', value: result.value } : { state: 'failed', failure: result.failure });
    });
    return () => {
      isCurrent = false;
    };
  }, [ask, round]);
  return { asked, again: useCallback(() => setRound((before) => before + 1), []) };
}
