import type { AssetId, RenditionName } from '@everroll/protocol';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import { renditionUrl } from '../device/contract.ts';
import { freshLook } from './fresh-looks.ts';

/** A rendition that is not made yet is asked for again after this, and so often, while it is on screen. */
const AGAIN_MS = 2000;
const TRIES = 30;

export interface PictureProps {
  readonly id: AssetId;
  readonly shown: string;
  readonly rendition: RenditionName;
  readonly onlyHere: boolean;
  /** What is shown is another look than the file's, which is drawn here where the server's is not to be had. */
  readonly isEdited?: boolean;
  readonly alt: string;
  readonly onFail?: () => void;
  readonly onShown?: () => void;
}

/** A rendition of the server, or the picture that this browser is about to send. */
export function Picture({ id, shown, rendition, onlyHere, isEdited = false, alt, onFail, onShown }: PictureProps): ReactNode {
  const { assets } = useDevice();
  const { library } = useMember();
  const [tries, setTries] = useState(0);
  const [isWaiting, setWaiting] = useState(false);
  const [local, setLocal] = useState<string | null>(null);
  const [standIn, setStandIn] = useState(() => freshLook(shown, rendition));
  const drawHere = useCallback(async (): Promise<void> => {
    const { drawMissing } = await import('../editor/draw-missing.ts');
    if (await drawMissing(assets, library.id, id, shown)) setStandIn(freshLook(shown, rendition));
  }, [assets, library.id, id, shown, rendition]);
  useEffect(() => {
    if (!onlyHere) return;
    if (isEdited && standIn === null) void drawHere();
    let address: string | null = null;
    let isCurrent = true;
    void assets.localPicture(id).then((blob) => {
      if (!isCurrent || blob === null) return;
      address = URL.createObjectURL(blob);
      setLocal(address);
    });
    return () => {
      isCurrent = false;
      if (address !== null) URL.revokeObjectURL(address);
      setLocal(null);
    };
  }, [assets, id, onlyHere, isEdited, standIn, drawHere]);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => {
      setWaiting(false);
      setTries((before) => before + 1);
    }, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  const drawn = standIn !== null && <img src={standIn} alt={alt} draggable={false} data-here="" onLoad={onShown} />;
  const address = onlyHere ? (isEdited ? null : local) : renditionUrl(library.id, id, rendition, shown);
  // A thumbnail that was drawn here is as good as the server's. A preview may be of fewer pixels, and lies below that one.
  if (address === null || isWaiting || (drawn && rendition === 'thumb')) return drawn || null;
  return (
    <>
      {drawn}
      <img
        src={address}
        alt={drawn ? '' : alt}
        draggable={false}
        decoding="async"
        onLoad={(event) => {
          event.currentTarget.dataset['here'] = '';
          onShown?.();
        }}
        onError={() => {
          if (tries < TRIES) setWaiting(true);
          if (drawn) return;
          onFail?.();
          if (isEdited) void drawHere();
        }}
      />
    </>
  );
}
