import { type ReactNode, useEffect, useState } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import { originalUrl, renditionUrl } from '../device/contract.ts';
import type { Photo } from '../timeline/row-store.ts';
import { BeingMade } from './being-made.tsx';
import { usePendingVideo } from './pending-video.ts';

/** The moment around a Live Photo or a motion photo, over its still, while it is pressed. */
export function LiveVideo({ photo, onEnd }: { readonly photo: Photo; readonly onEnd: () => void }): ReactNode {
  const moving = useMoving(photo);
  return moving === null ? null : <Moment key={moving.preview} moving={moving} onEnd={onEnd} />;
}

/** Where what moves is, as every browser plays it, and as the camera made it. */
interface Moving {
  readonly preview: string;
  readonly original: string;
  /** Bytes of the original that are a video by themselves; null where all of them are. */
  readonly part: { readonly offset: number; readonly bytes: number } | null;
}

/** The server makes the video when it is first wanted. Where it can make none, the browser may still play what the camera made. */
function Moment({ moving, onEnd }: { readonly moving: Moving; readonly onEnd: () => void }): ReactNode {
  const video = usePendingVideo(moving.preview);
  const original = useOriginal(video.state === 'none' ? moving : null);
  const [isHere, setHere] = useState(false);
  const address = video.state === 'ready' ? moving.preview : original;
  if (video.state === 'making') return <BeingMade progress={video.progress} />;
  if (address === null) return null;
  return <video className="live" src={address} autoPlay muted playsInline onPlaying={() => setHere(true)} onEnded={onEnd} onError={onEnd} {...(isHere && { 'data-here': '' })} />;
}

function useMoving(photo: Photo): Moving | null {
  const { assets } = useDevice();
  const { library } = useMember();
  const [moving, setMoving] = useState<Moving | null>(null);
  useEffect(() => {
    let isGone = false;
    void assets.get(photo.id).then((view) => {
      if (view === null || isGone) return;
      const { resources, primary, details } = view.asset;
      const paired = resources.find(({ role }) => role === 'paired_video');
      const sha256 = paired?.sha256 ?? primary;
      setMoving({ preview: renditionUrl(library.id, photo.id, 'video_preview', sha256), original: originalUrl(library.id, sha256), part: paired ? null : (details?.motionPhoto ?? null) });
    });
    return () => {
      isGone = true;
    };
  }, [assets, library.id, photo.id]);
  return moving;
}

/** A `<video>` cannot begin in the middle of a file: a part of one is fetched first. */
function useOriginal(moving: Moving | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (moving === null) return;
    if (moving.part === null) return setAddress(moving.original);
    const { offset, bytes } = moving.part;
    const ended = new AbortController();
    let made: string | null = null;
    void (async () => {
      const response = await fetch(moving.original, { headers: { range: `bytes=${offset}-${offset + bytes - 1}` }, signal: ended.signal }).catch(() => null);
      const video = response?.status === 206 ? await response.blob().catch(() => null) : null;
      if (video === null || ended.signal.aborted) return;
      made = URL.createObjectURL(new Blob([video], { type: 'video/mp4' }));
      setAddress(made);
    })();
    return () => {
      ended.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [moving]);
  return address;
}
