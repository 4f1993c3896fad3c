import { useCallback } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Change, Changed, Result } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { showToast } from '../ui/toast-queue.ts';
import { showFailed } from './failed-toast.ts';

export type MakeChange = (change: Change, said: (count: number) => string) => Promise<Result<Changed>>;

/** Makes a change at once and says so, with a way back where there is one. */
export function useChange(): MakeChange {
  const { changes } = useDevice();
  return useCallback(
    async (change, said) => {
      const made = await changes.make(change).catch(defect);
      if (!made.ok) {
        void showFailed(made.failure.code);
        return made;
      }
      const { count, undo } = made.value;
      const back = undo && {
        label: strings.actions.undo,
        run: () => void changes.undo(undo).catch(defect).then((undone) => (undone.ok ? showToast(strings.timeline.done.undone) : showFailed(undone.failure.code))),
      };
      showToast(said(count), back);
      return made;
    },
    [changes],
  );
}

/** A promise that rejects is a defect of ours: a person is told all the same that nothing was changed. */
function defect(error: unknown): Result<never> {
  console.error(error);
  return { ok: false, failure: { code: 'internal_error', evidence: { detail: String(error) } } };
}
