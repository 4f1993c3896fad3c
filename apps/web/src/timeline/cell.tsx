import { Check, CircleAlert, Heart, Images, LoaderCircle, Video } from 'lucide-react';
import { memo, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { cssMean } from '../device/catalogue/mean-colour.ts';
import { formatDuration } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { usePhoto } from './collection.ts';
import { LiveMark } from './live-mark.tsx';
import { Picture } from './picture.tsx';
import { placeholderOf } from './placeholder.ts';
import { has, type Photo, type RowStore } from './row-store.ts';
import { type Selection, useIsSelected } from './selection.ts';
import { spoken } from './words.ts';

/** A picture that is there sooner needs no placeholder but its colour: drawing one takes as long as all else of a cell. */
const BLURRED_AFTER_MS = 120;

export interface CellProps {
  readonly rows: RowStore;
  readonly position: number;
  readonly column: number;
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly isFocusable: boolean;
  /** The timeline moves so fast that its pictures would come too late. */
  readonly isFast: boolean;
  readonly selection: Selection;
  /** Shown at the lower edge, as the days left in Recently Deleted. */
  readonly note: ((photo: Photo, day: number) => string) | null;
  /** Of the collection's index: days since 1970. */
  readonly day: number;
  /** Of the collection's index: what stands here at first. */
  readonly colour: number;
}

export const Cell = memo(function Cell({ rows, position, column, x, width, height, isFocusable, isFast, selection, note, day, colour }: CellProps): ReactNode {
  const photo = usePhoto(rows, position);
  const isSelected = useIsSelected(selection, photo?.id);
  const [mayLoad, setMayLoad] = useState(!isFast);
  if (!isFast && !mayLoad) setMayLoad(true);
  const shown = photo?.shown;
  const isHere = useRef(false);
  const [blurred, setBlurred] = useState<string | null>(null);
  const arrived = useCallback(() => {
    isHere.current = true;
  }, []);
  useEffect(() => {
    isHere.current = false;
    if (shown === undefined) return;
    const timer = setTimeout(() => {
      if (!isHere.current) setBlurred(shown);
    }, BLURRED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  const placeholder = photo === undefined || blurred !== photo.shown ? null : placeholderOf(photo.shown, photo.thumbhash);
  // What is picked has a ground of its own.
  const mean = isSelected ? null : cssMean(colour);
  return (
    <div
      role="gridcell"
      aria-colindex={column}
      aria-selected={isSelected}
      aria-label={photo === undefined ? strings.loading : spoken(photo)}
      tabIndex={isFocusable ? 0 : -1}
      className="cell"
      data-position={position}
      draggable={photo !== undefined}
      style={{ insetInlineStart: x, width, height, backgroundImage: placeholder === null ? 'none' : `url(${placeholder})`, ...(mean !== null && { backgroundColor: mean }) }}
    >
      {photo !== undefined && mayLoad && !has(photo, 'noPicture') && <Picture key={photo.shown} id={photo.id} shown={photo.shown} rendition="thumb" onlyHere={has(photo, 'onlyHere')} isEdited={has(photo, 'edited')} alt="" onShown={arrived} />}
      {photo !== undefined && <Marks photo={photo} note={note?.(photo, day) ?? null} />}
      <span className="pick" aria-hidden="true">
        <Check />
      </span>
    </div>
  );
});

function Marks({ photo, note }: { readonly photo: Photo; readonly note: string | null }): ReactNode {
  const isVideo = has(photo, 'video');
  const isLive = has(photo, 'livePhoto') || has(photo, 'motionPhoto');
  return (
    <>
      {has(photo, 'noPicture') && (
        <span className="no-picture">
          <CircleAlert />
        </span>
      )}
      <span className="marks start">
        {note !== null && <span className="note">{note}</span>}
        {has(photo, 'favourite') && <Heart fill="currentColor" />}
      </span>
      <span className="marks end">
        {has(photo, 'onlyHere') && <LoaderCircle />}
        {has(photo, 'burst') && <Images />}
        {has(photo, 'raw') && <span className="kind">RAW</span>}
        {isLive && <LiveMark />}
        {isVideo && (photo.durationMs > 0 ? <span className="figures">{formatDuration(photo.durationMs)}</span> : <Video />)}
      </span>
    </>
  );
}
