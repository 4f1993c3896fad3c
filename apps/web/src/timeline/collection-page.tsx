import { AssetId } from '@everroll/protocol';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useSearchParams } from 'wouter';
import { prefersStillness, useIsNarrow } from '../app/media-query.ts';
import { usePhotoActions } from '../changes/photo-actions.ts';
import type { Scope } from '../device/contract.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { strings } from '../strings/strings.ts';
import { Loading } from '../ui/progress.tsx';
import { type OnScreen, useCollection } from './collection.ts';
import { useDensity } from './density.ts';
import { Grid } from './grid.tsx';
import { GridTools } from './grid-tools.tsx';
import { has, type Photo } from './row-store.ts';
import { Selection, useSelection } from './selection.ts';

// What is not needed to see the timeline comes when it is wanted.
const ActionBar = lazy(async () => ({ default: (await import('./action-bar.tsx')).ActionBar }));
const Viewer = lazy(async () => ({ default: (await import('../viewer/viewer.tsx')).Viewer }));

export interface CollectionPageProps {
  readonly scope: Scope;
  readonly name: string;
  readonly byDay?: boolean;
  readonly up?: string;
  /** Shown where there is nothing. */
  readonly empty: ReactNode;
  /** Beside the title. */
  readonly tools?: ReactNode;
  /** Between the top bar and the photos. */
  readonly head?: ReactNode;
  readonly note?: (photo: Photo, day: number) => string;
  readonly startAtDay?: number | null;
  readonly onSmallest?: () => void;
}

/** A page of photos: the timeline, an album, what a search found; and the viewer over it. */
export function CollectionPage({ scope, name, byDay = true, up, empty, tools, head, note, startAtDay = null, onSmallest }: CollectionPageProps): ReactNode {
  const onScreen = useRef<OnScreen>({ photos: 120, anchor: null });
  const collection = useCollection(scope, onScreen);
  const [selection] = useState(() => new Selection());
  const { isOpen: isSelecting } = useSelection(selection);
  const density = useDensity(useIsNarrow());
  const actions = usePhotoActions();
  const [open, setOpen] = useOpenPhoto();
  useEffect(() => () => selection.clear(), [selection, scope]);

  const openPhoto = useCallback((photo: Photo) => withTransition(() => setOpen(photo.id)), [setOpen]);
  const close = useCallback(() => withTransition(() => setOpen(null)), [setOpen]);
  const onKey = (key: string, photo: Photo | undefined): boolean => {
    const ids = selection.size > 0 ? selection.ids : photo ? [photo.id] : [];
    if (key === '+' || key === '=') density.change(1);
    else if (key === '-') (density.isSmallest ? onSmallest : density.change)?.(-1);
    else if (ids.length === 0) return false;
    else if (key === 'f' && photo) actions.favourite(ids, !has(photo, 'favourite'));
    else if (key === 'Delete' && scope.of !== 'deleted') actions.delete(ids);
    else return false;
    return true;
  };
  const count = collection?.index.count ?? 0;
  return (
    <>
      <TopBar title={name} {...(collection && count > 0 && { detail: strings.timeline.count(count) })} {...(up !== undefined && { up })}>
        {tools}
        {count > 0 && <GridTools density={density} selection={selection} />}
      </TopBar>
      {head}
      <main className="timeline-page" {...(head !== undefined && { 'data-head': '' })}>
        {collection === null && <Loading />}
        {collection && count === 0 && <div className="page">{empty}</div>}
        {collection && count > 0 && (
          <Grid collection={collection} name={name} byDay={byDay} density={density} selection={selection} onScreen={onScreen} onOpen={openPhoto} onKey={onKey} {...(note && { note })} startAtDay={startAtDay} />
        )}
        {isSelecting && (
          <Suspense fallback={null}>
            <ActionBar scope={scope} selection={selection} />
          </Suspense>
        )}
      </main>
      {collection && open !== null && (
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
  const named = AssetId.safeParse(params.get('photo'));
  const isOpen = named.success;
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
  return [named.success ? named.data : null, set];
}

/** One page fades into the other, where the browser can and the person likes motion. */
function withTransition(change: () => void): void {
  if (prefersStillness() || !('startViewTransition' in document)) change();
  else document.startViewTransition(() => flushSync(change));
}
