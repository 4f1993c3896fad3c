import type { ReactNode } from 'react';
import { useMember } from '../app/device-context.tsx';
import { renditionUrl } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import type { Photo } from '../timeline/row-store.ts';
import { spoken } from '../timeline/words.ts';
import { BeingMade } from './being-made.tsx';
import { usePendingVideo } from './pending-video.ts';

/** The browser's own player: it knows keys, captions, picture in picture and the speed that a person likes. */
export function VideoPlayer({ photo }: { readonly photo: Photo }): ReactNode {
  const { library } = useMember();
  const address = renditionUrl(library.id, photo.id, 'video_preview', photo.shown);
  const video = usePendingVideo(address);
  if (video.state === 'ready') return <video src={address} aria-label={spoken(photo)} controls autoPlay playsInline loop={photo.durationMs < 4000} />;
  if (video.state === 'none') return <p className="making">{strings.viewer.noPicture}</p>;
  return <BeingMade progress={video.state === 'making' ? video.progress : null} />;
}
