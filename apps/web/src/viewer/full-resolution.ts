import { useCallback, useEffect, useState } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import { editedCopy } from '../changes/edited-copy.ts';
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
  const { library } = useMember();
  const [wanted, setWanted] = useState<string | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const shown = view?.shown ?? null;
  const id = view?.asset.id ?? null;
  const isWanted = shown !== null && wanted === shown;
  const isAdjusted = view !== null && view.look !== null;
  const file = view?.unadjusted ?? null;
  const mayDraw = view !== null && (isAdjusted || isDrawable(view));
  useEffect(() => {
    setAddress(null);
    if (!isWanted || !mayDraw || id === null || shown === null || file === null) return;
    const ended = new AbortController();
    let made: string | null = null;
    const onProgress = ({ doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number }): void => setProgress(totalBytes === 0 ? 0 : doneBytes / totalBytes);
    // The person asked for it by enlarging the picture. Of an adjusted one the server makes a copy of all pixels.
    const pixels = isAdjusted
      ? editedCopy(library.id, id, shown, ended.signal)
      : assets.fetchOriginal(id, file, { onProgress, signal: ended.signal, consent: true }).then((result) => (result.ok ? result.value : null));
    void pixels.then((blob) => {
      setProgress(null);
      if (blob === null || ended.signal.aborted) return;
      made = URL.createObjectURL(blob);
      setAddress(made);
    });
    return () => {
      ended.abort();
      setProgress(null);
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [assets, library.id, id, shown, file, isAdjusted, isWanted, mayDraw]);
  return { address, progress, cannotShow: isWanted && !mayDraw, want: useCallback(() => setWanted(shown), [shown]) };
}
