import type { AssetId } from '@everroll/protocol';
import { useEffect, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';

/** Names what an asset shows, for the address of its picture; null while it is asked for. */
export function useShown(id: AssetId): string | null {
  const { assets } = useDevice();
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void assets.get(id).then((view) => isCurrent && setShown(view?.shown ?? null));
    return () => {
      isCurrent = false;
    };
  }, [assets, id]);
  return shown;
}
