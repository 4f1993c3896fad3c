import { useEffect, useState } from 'react';
import { useDevice, useWatched } from '../app/device-context.tsx';
import type { CollectionCounts } from '../device/contract.ts';

/** How many photos each collection has; asked again whenever the library or what is pending has changed. */
export function useCounts(): CollectionCounts | null {
  const device = useDevice();
  const status = useWatched(device.health.status);
  const pending = useWatched(device.changes.pending);
  const [counts, setCounts] = useState<CollectionCounts | null>(null);
  const [seq, changes] = [status?.cursor?.seq, pending?.count];
  useEffect(() => {
    let isCurrent = true;
    void device.collections.counts().then((result) => {
      if (isCurrent && result.ok) setCounts(result.value);
    });
    return () => {
      isCurrent = false;
    };
  }, [device, seq, changes]);
  return counts;
}
