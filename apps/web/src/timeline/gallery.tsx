import type { AssetId } from '@everroll/protocol';
import { lazy, type ReactNode, type RefObject, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useSearchParams } from 'wouter';
import { prefersStillness, useIsNarrow } from '../app/media-query.ts';
import { usePhotoActions } from '../changes/photo-actions.ts';
import { isAssetId, type Scope } from '../device/contract.ts';
import { Loading } from '../ui/progress.tsx';
import { type Collection, type OnScreen, useCollection } from './collection.ts';
import { type Density, useDensity } from './density.ts';
import { Grid } from './grid.tsx';
import { has, type Photo } from './row-store.ts';
import { Selection, useSelection } from './selection.ts';

// What is not needed to see the timeline comes when it is wanted.
const ActionBar = lazy(async () => ({ default: (await import('./action-bar.tsx')).ActionBar }));
const Viewer = lazy(async () => ({ default: (await import('../viewer/viewer.tsx')).Viewer }));

/** A collection of photos, what of it is picked, and how large its pictures are. */
export interface GalleryState {
  readonly collection: Collection | null;
  readonly selection: Selection;
  readonly density: Density;
  readonly onScreen: RefObject<OnScreen>;
}

/** @param scope the same object until another collection is meant */
export function useGallery(scope: Scope): GalleryState {
  const onScreen = useRef<OnScreen>({ photos: 120, anchor: null });
  const collection = useCollection(scope, onScreen);
  const [selection] = useState(() => new Selection());
  const density = useDensity(useIsNarrow());
  useEffect(() => () => selection.clear(), [selection, scope]);
  return { collection, selection, density, onScreen };
}

export interface GalleryProps {
  readonly gallery: GalleryState;
  readonly name: string;
  readonly byDay?: boolean;
  /** Shown where there is nothing. */
  readonly empty: ReactNode;
  readonly note?: (photo: Photo, day: number) => string;
  readonly startAtDay?: number | null;
  readonly onSmallest?: () => void;
}

/** Photos in rows, what can be done with them, and the viewer over them. */
export function Gallery({ gallery, name, byDay = true, empty, note, startAtDay = null, onSmallest }: GalleryProps): ReactNode {
  const { collection, selection, density, onScreen } = gallery;
  const { isOpen: isSelecting } = useSelection(selection);
  const actions = usePhotoActions();
  const [open, setOpen] = useOpenPhoto();

  const openPhoto = useCallback((photo: Photo) => withTransition(() => setOpen(photo.id)), [setOpen]);
  const close = useCallback(() => withTransition(() => setOpen(null)), [setOpen]);
  const onKey = (key: string, photo: Photo | undefined): boolean => {
    const ids = selection.size > 0 ? selection.ids : photo ? [photo.id] : [];
    if (key === '+' || key === '=') density.change(1);
    else if (key === '-') (density.isSmallest ? onSmallest : density.change)?.(-1);
    else if (ids.length === 0) return false;
    else if (key === 'f' && photo) actions.favourite(ids, !has(photo, 'favourite'));
    else if (key === 'Delete' && collection?.scope.of !== 'deleted') actions.delete(ids);
    else return false;
    return true;
  };
  if (collection === null) return <Loading />;
  return (
    <>
      {collection.index.count === 0 && <div className="page">{empty}</div>}
      {collection.index.count > 0 && (
        <Grid collection={collection} name={name} byDay={byDay} density={density} selection={selection} onScreen={onScreen} onOpen={openPhoto} onKey={onKey} {...(note && { note })} startAtDay={startAtDay} />
      )}
      {isSelecting && (
        <Suspense fallback={null}>
          <ActionBar scope={collection.scope} selection={selection} />
        </Suspense>
      )}
      {open !== null && (
        <Suspense fallback={null}>
          <Viewer collection={collection} id={open} onGo={setOpen} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

/** The photo that is open stands in the address, so that "back" closes it and the address can be kept. */
function useOpenPhoto(): readonly [AssetId | null, (id: AssetId | null) => void] {
  const [params, setParams] = useSearchParams();
  const named = params.get('photo');
  const open = isAssetId(named) ? named : null;
  const isOpen = open !== null;
  const set = useCallback(
    (id: AssetId | null) => {
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          if (id === null) next.delete('photo');
          else next.set('photo', id);
          return next;
        },
        { replace: isOpen },
      );
    },
    [setParams, isOpen],
  );
  return [open, set];
}

/** One page fades into the other, where the browser can and the person likes motion. */
function withTransition(change: () => void): void {
  if (prefersStillness() || !('startViewTransition' in document)) change();
  else document.startViewTransition(() => flushSync(change));
}
