import { useEffect, useState } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import type { AssetView } from '../device/contract.ts';
import { unadjustedPicture } from './picture-source.ts';

/** The picture that is edited, without adjustments. undefined: it comes; null: it cannot be had. */
export function usePicture(view: AssetView): ImageBitmap | null | undefined {
  const { assets } = useDevice();
  const { library } = useMember();
  const [picture, setPicture] = useState<ImageBitmap | null | undefined>(undefined);
  const id = view.asset.id;
  const over = view.look?.over ?? view.unadjusted;
  useEffect(() => {
    const ended = new AbortController();
    void unadjustedPicture(assets, library.id, id, over, 'preview', ended.signal).then((bitmap) => {
      if (ended.signal.aborted) bitmap?.close();
      else setPicture(bitmap);
    });
    return () => ended.abort();
  }, [assets, library.id, id, over]);
  return picture;
}
