import { type ReactNode, useEffect, useState } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import { originalUrl, renditionUrl } from '../device/contract.ts';
import { has, type Photo } from '../timeline/row-store.ts';

/** The moment around a Live Photo or a motion photo, over its still, while it is pressed. */
export function LiveVideo({ photo, onEnd }: { readonly photo: Photo; readonly onEnd: () => void }): ReactNode {
  const address = useLiveAddress(photo);
  const [isHere, setHere] = useState(false);
  if (address === null) return null;
  return <video className="live" src={address} autoPlay muted playsInline onPlaying={() => setHere(true)} onEnded={onEnd} onError={onEnd} {...(isHere && { 'data-here': '' })} />;
}

/** Of a Live Photo the preview of its video; of a motion photo the bytes behind its still. */
function useLiveAddress(photo: Photo): string | null {
  const { assets } = useDevice();
  const { library } = useMember();
  const [address, setAddress] = useState<string | null>(null);
  const isMotion = has(photo, 'motionPhoto');
  useEffect(() => {
    const ended = new AbortController();
    let made: string | null = null;
    void assets.get(photo.id).then(async (view) => {
      if (view === null || ended.signal.aborted) return;
      const paired = view.asset.resources.find(({ role }) => role === 'paired_video');
      if (paired) setAddress(renditionUrl(library.id, photo.id, 'video_preview', paired.sha256));
      const inside = view.asset.details?.motionPhoto;
      if (!isMotion || !inside) return;
      const response = await fetch(originalUrl(library.id, view.asset.primary), { headers: { range: `bytes=${inside.offset}-${inside.offset + inside.bytes - 1}` }, signal: ended.signal }).catch(() => null);
      if (response?.status !== 206) return;
      made = URL.createObjectURL(new Blob([await response.arrayBuffer()], { type: 'video/mp4' }));
      if (ended.signal.aborted) URL.revokeObjectURL(made);
      else setAddress(made);
    });
    return () => {
      ended.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [assets, library.id, photo.id, isMotion]);
  return address;
}
