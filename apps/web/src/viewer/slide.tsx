import { CircleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { Picture } from '../timeline/picture.tsx';
import { placeholderOf } from '../timeline/placeholder.ts';
import { has, type Photo } from '../timeline/row-store.ts';
import { spoken } from '../timeline/words.ts';
import { LiveVideo } from './live-video.tsx';
import { VideoPlayer } from './video-player.tsx';
import type { Size } from './zoom.ts';

export interface SlideProps {
  readonly photo: Photo;
  readonly isCurrent: boolean;
  /** -1 before, 0 on the stage, 1 after. */
  readonly place: -1 | 0 | 1;
  /** In which the picture just fits. */
  readonly size: Size;
  /** The original, where it was fetched. */
  readonly full: string | null;
  readonly isLivePlaying: boolean;
  readonly onLiveEnd: () => void;
}

/** One photo on the stage: its placeholder, its thumbnail, its preview, its pixels, each over the one before. */
export function Slide({ photo, isCurrent, place, size, full, isLivePlaying, onLiveEnd }: SlideProps): ReactNode {
  const [wasRefused, setRefused] = useState(false);
  const placeholder = placeholderOf(photo.shown, photo.thumbhash);
  const onlyHere = has(photo, 'onlyHere');
  const cannotShow = has(photo, 'noPicture');
  return (
    <div className="slide" style={{ '--place': place } as React.CSSProperties} {...(isCurrent && { 'data-current': '' })} aria-hidden={!isCurrent}>
      <div className="frame" style={{ ...size, backgroundImage: placeholder === null || cannotShow ? 'none' : `url(${placeholder})` }}>
        {cannotShow ? (
          <div className="cannot-show">
            <CircleAlert aria-hidden="true" />
            <p>{strings.viewer.noPicture}</p>
          </div>
        ) : (
          <>
            {!onlyHere && <Picture key={`thumb ${photo.shown}`} id={photo.id} shown={photo.shown} rendition="thumb" onlyHere={false} isEdited={has(photo, 'edited')} alt="" />}
            <Picture key={`preview ${photo.shown}`} id={photo.id} shown={photo.shown} rendition="preview" onlyHere={onlyHere} isEdited={has(photo, 'edited')} alt={isCurrent ? spoken(photo) : ''} onFail={() => setRefused(true)} onShown={() => setRefused(false)} />
            {full !== null && <img src={full} alt="" className="full" draggable={false} data-here="" />}
          </>
        )}
        {isCurrent && has(photo, 'video') && !onlyHere && <VideoPlayer photo={photo} />}
        {isCurrent && (has(photo, 'livePhoto') || has(photo, 'motionPhoto')) && !onlyHere && isLivePlaying && <LiveVideo photo={photo} onEnd={onLiveEnd} />}
      </div>
      {isCurrent && wasRefused && !cannotShow && !onlyHere && (
        <p className="making" role="status">
          {navigator.onLine ? strings.viewer.making : strings.viewer.offline}
        </p>
      )}
    </div>
  );
}
