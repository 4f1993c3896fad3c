import type { AssetId, RenditionName } from '@everroll/protocol';
import { type ReactNode, useEffect, useState } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import { renditionUrl } from '../device/contract.ts';

/** A rendition that is not made yet is asked for again after this, and so often, while it is on screen. */
const AGAIN_MS = 2000;
const TRIES = 30;

export interface PictureProps {
  readonly id: AssetId;
  readonly shown: string;
  readonly rendition: RenditionName;
  readonly onlyHere: boolean;
  readonly alt: string;
  readonly onFail?: () => void;
  readonly onShown?: () => void;
}

/** A rendition of the server, or the picture that this browser is about to send. */
export function Picture({ id, shown, rendition, onlyHere, alt, onFail, onShown }: PictureProps): ReactNode {
  const { assets } = useDevice();
  const { library } = useMember();
  const [tries, setTries] = useState(0);
  const [isWaiting, setWaiting] = useState(false);
  const [local, setLocal] = useState<string | null>(null);
  useEffect(() => {
    if (!onlyHere) return;
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
  }, [assets, id, onlyHere]);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => {
      setWaiting(false);
      setTries((before) => before + 1);
    }, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  const address = onlyHere ? local : renditionUrl(library.id, id, rendition, shown);
  if (address === null || isWaiting) return null;
  return (
    <img
      src={address}
      alt={alt}
      draggable={false}
      decoding="async"
      onLoad={(event) => {
        event.currentTarget.dataset['here'] = '';
        onShown?.();
      }}
      onError={() => {
        if (tries < TRIES) setWaiting(true);
        onFail?.();
      }}
    />
  );
}
