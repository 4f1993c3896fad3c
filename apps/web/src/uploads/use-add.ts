import { useCallback } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { showFailed } from '../changes/failed-toast.ts';
import type { PickedFile } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { showToast } from '../ui/toast-queue.ts';

/** Hands files over to the device and says what was left out. */
export function useAdd(): (files: readonly PickedFile[]) => Promise<void> {
  const { uploads } = useDevice();
  return useCallback(
    async (files) => {
      if (files.length === 0) return;
      const added = await uploads.add(files);
      if (!added.ok) await showFailed(added.failure.code);
      else if (added.value.passedOver.length > 0) showToast(strings.uploads.passedOver(added.value.passedOver.length));
    },
    [uploads],
  );
}
