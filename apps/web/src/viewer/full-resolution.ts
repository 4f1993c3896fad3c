import { useCallback, useEffect, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { AssetView } from '../device/contract.ts';
import { isDrawable } from './full-picture.ts';

export interface FullResolution {
  /** The original's address; null: not fetched, or this browser cannot draw it. */
  readonly address: string | null;
  /** 0 to 1 while it is fetched. */
  readonly progress: number | null;
  readonly cannotShow: boolean;
  /** The picture is enlarged beyond its preview: its own pixels are wanted. */
  readonly want: () => void;
}

/** Every pixel of what is shown, fetched when it is enlarged and let go of when another photo is shown. */
export function useFullResolution(view: AssetView | null): FullResolution {
  const { assets } = useDevice();
  const [wanted, setWanted] = useState<string | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const shown = view?.shown ?? null;
  const id = view?.asset.id ?? null;
  const isWanted = shown !== null && wanted === shown;
  const mayDraw = view !== null && isDrawable(view);
  useEffect(() => {
    setAddress(null);
    if (!isWanted || !mayDraw || id === null || shown === null) return;
    const ended = new AbortController();
    let made: string | null = null;
    const onProgress = ({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number }): void => setProgress(totalBytes === 0 ? 0 : doneBytes / totalBytes);
    // The person asked for it by enlarging the picture.
    void assets.fetchOriginal(id, shown, { onProgress, signal: ended.signal, consent: true }).then((result) => {
      setProgress(null);
      if (!result.ok || ended.signal.aborted) return;
      made = URL.createObjectURL(result.value);
      setAddress(made);
    });
    return () => {
      ended.abort();
      setProgress(null);
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [assets, id, shown, isWanted, mayDraw]);
  return { address, progress, cannotShow: isWanted && !mayDraw, want: useCallback(() => setWanted(shown), [shown]) };
}
