import type { AssetId } from '@everroll/protocol';
import { useEffect, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { AssetView } from '../device/contract.ts';

/** Everything about one photo, as it changes; null until it is there. */
export function useAssetView(id: AssetId): AssetView | null {
  const { assets } = useDevice();
  const [view, setView] = useState<AssetView | null>(null);
  useEffect(() => assets.watch(id, setView), [assets, id]);
  return view?.asset.id === id ? view : null;
}
