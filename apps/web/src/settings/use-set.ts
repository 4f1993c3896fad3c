import { type DeviceSettings, reasons } from '@everroll/protocol';
import { useCallback } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { showToast } from '../ui/toast-queue.ts';

export type SetSettings = (change: Partial<DeviceSettings>) => void;

/** Changes settings of this device; what does not work is said. */
export function useSet(): SetSettings {
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
