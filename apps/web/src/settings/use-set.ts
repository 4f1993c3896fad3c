import { type DeviceSettings, reasons } from '@everroll/protocol';
import { useCallback } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { showToast } from '../ui/toast-queue.ts';

/** Changes settings; what does not work is said. */
export function useSet(): (change: Partial<DeviceSettings>) => void {
  const { settings } = useDevice();
  return useCallback(
    (change) => {
      void settings.set(change).then((set) => {
        if (!set.ok) showToast(reasons[set.failure.code].sentence);
      });
    },
    [settings],
  );
}
