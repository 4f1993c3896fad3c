import { Archive, ArrowLeft, ChevronLeft, ChevronRight, Download, Ellipsis, EyeOff, FolderPlus, Heart, ImageDown, Info, SlidersHorizontal, Trash2, Undo2, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type AssetId, isPicture } from '@everroll/protocol';
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useIsNarrow } from '../app/media-query.ts';
import { AlbumChooser } from '../albums/album-chooser.tsx';
import type { AssetView } from '../device/contract.ts';
import { useDownload, useDownloadEdited } from '../changes/download.ts';
import { usePhotoActions } from '../changes/photo-actions.ts';
import { formatClock, formatWallDay } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import type { Collection } from '../timeline/collection.ts';
import { LiveMark } from '../timeline/live-mark.tsx';
import { has, type Photo } from '../timeline/row-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { useAssetView } from './asset-view.ts';
import { useFullResolution } from './full-resolution.ts';
import { InfoPanel } from './info-panel.tsx';
import { Slide } from './slide.tsx';
import { useStageGestures } from './stage-gestures.ts';
import { useElementSize } from './element-size.ts';
import { useViewedPosition } from './viewed.ts';
import '../ui/full-screen.css';
import './viewer.css';
import { fit, type Size } from './zoom.ts';

const Editor = lazy(async () => import('../editor/editor.tsx'));

/** The longest edge of a preview (packages/media); beyond it the original is fetched. */
const PREVIEW_EDGE_PX = 1440;

export interface ViewerProps {
  readonly collection: Collection;
  readonly id: AssetId;
  readonly onGo: (id: AssetId) => void;
  readonly onClose: () => void;
}

export function Viewer({ collection, id, onGo, onClose }: ViewerProps): ReactNode {
  const { rows, index, scope } = collection;
  const isDeleted = scope.of === 'deleted';
  const isNarrow = useIsNarrow();
  const actions = usePhotoActions();
  const download = useDownload();
  const [isInfoOpen, setInfoOpen] = useState(() => !isNarrow && localStorage.getItem('everroll.info') === 'open');
  const [isQuiet, setQuiet] = useState(false);
  const [isLivePlaying, setLivePlaying] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  /** The photo as it was when it was opened in the editor, which nothing that comes meanwhile closes. */
  const [edited, setEdited] = useState<AssetView | null>(null);
  const goTo = useCallback(
    (to: number) => {
      void rows.want(to, to + 1).then(() => {
        const next = rows.photo(to);
        if (next) onGo(next.id);
      });
    },
    [rows, onGo],
  );
  const onGone = useCallback((was: number) => (index.count === 0 ? onClose() : goTo(Math.min(was, index.count - 1))), [index.count, goTo, onClose]);
  const found = useViewedPosition(collection, id, onGone);
  const kept = useRef<number | null>(null);
  if (found !== null) kept.current = found;
  const position = found;
  const photo = position === null ? undefined : rows.photo(position);
  const view = useAssetView(id);
  const full = useFullResolution(view);
  const mayEdit = !isDeleted && view !== null && view.asset.resources.some((file) => file.sha256 === (view.look?.over ?? view.unadjusted) && isPicture(file)) && photo !== undefined && !has(photo, 'noPicture') && !has(photo, 'animated');
  const edit = mayEdit ? () => setEdited(view) : null;

  const step = (by: 1 | -1): void => {
    const to = (position ?? 0) + by;
    if (position !== null && to >= 0 && to < index.count) goTo(to);
  };
  const sizeOf = (at: number): Size => {
    const ratio = (index.ratios[at] ?? 1000) / 1000;
    return stageSize === null ? { width: 0, height: 0 } : fit({ width: ratio * 1000, height: 1000 }, stageSize);
  };
  const stage = useStageGestures(() => (position === null || (photo && has(photo, 'video')) ? null : sizeOf(position)), {
    previous: () => step(-1),
    next: () => step(1),
    close: onClose,
    toggleTools: () => setQuiet((before) => !before),
    onScale: (scale) => {
      if (position === null) return;
      const { width, height } = sizeOf(position);
      if (scale > 1.05 && Math.max(width, height) * scale * devicePixelRatio > PREVIEW_EDGE_PX) full.want();
    },
  });
  const stageSize = useElementSize(stage.element);
  useEffect(() => {
    stage.reset();
    setLivePlaying(false);
  }, [id, stage]);

  // The keys are the viewer's again once the editor is gone, whatever was pressed last in it.
  const isEditing = edited !== null;
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing) stage.element.current?.closest<HTMLElement>('[role="dialog"]')?.focus();
    wasEditing.current = isEditing;
  }, [isEditing, stage]);

  const toggleInfo = (): void => {
    localStorage.setItem('everroll.info', isInfoOpen ? 'closed' : 'open');
    setInfoOpen(!isInfoOpen);
  };
  const remove = (): void => {
    if (isDeleted) actions.recover([id]);
    else actions.delete([id]);
  };
  const isFavourite = photo !== undefined && has(photo, 'favourite');
  const isLive = photo !== undefined && (has(photo, 'livePhoto') || has(photo, 'motionPhoto'));

  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => step(document.dir === 'rtl' ? -1 : 1),
    ArrowLeft: () => step(document.dir === 'rtl' ? 1 : -1),
    Escape: onClose,
    i: toggleInfo,
    f: () => actions.favourite([id], !isFavourite),
    Delete: remove,
    '+': () => stage.zoom(1.5),
    '=': () => stage.zoom(1.5),
    '-': () => stage.zoom(1 / 1.5),
    '0': () => stage.reset(),
    l: () => setLivePlaying(isLive),
    e: () => edit?.(),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // A dialog over the viewer has its own keys, and they reach this through React all the same.
    const isElsewhere = !event.currentTarget.contains(event.target as Element) || (event.target as Element).closest('input, textarea, video') !== null;
    const act = isElsewhere || event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  const neighbours = position === null ? [] : ([-1, 0, 1] as const).map((place) => ({ place, at: position + place, photo: rows.photo(position + place) }));
  return (
    <>
    <ModalOverlay isOpen onOpenChange={(isOpen) => !isOpen && onClose()} isKeyboardDismissDisabled className="full-screen">
      <Modal className="full-screen-modal">
      <div className="keys" onKeyDown={onKeyDown}>
      <Dialog aria-label={strings.viewer.label} className={isQuiet ? 'viewer quiet' : 'viewer'}>
        <div className="stage" ref={stage.element}>
          <div className="tools top">
            <IconButton label={strings.actions.close} onPress={onClose}>
              {isNarrow ? <ArrowLeft /> : <X />}
            </IconButton>
            <When photo={photo} />
            {full.progress !== null && <span className="badge figures" role="status">{strings.viewer.fetching(Math.round(full.progress * 100))}</span>}
            {full.cannotShow && <span className="badge">{strings.viewer.cannotShowFull}</span>}
            {isLive && (
              <button type="button" className="badge" aria-label={strings.viewer.playLive} onPointerEnter={(event) => event.pointerType === 'mouse' && setLivePlaying(true)} onClick={() => setLivePlaying(true)}>
                <LiveMark />
                {strings.viewer.live}
              </button>
            )}
            {!isNarrow && <ViewerActions {...{ id, isFavourite, isDeleted, remove, setChoosing, toggleInfo, download, edit }} look={view?.look ? view.shown : null} />}
          </div>
          <div className="track">
            {neighbours.map(
              ({ place, at, photo: near }) =>
                near && (
                  <Slide key={near.id} photo={near} place={place} isCurrent={place === 0} size={sizeOf(at)} full={place === 0 ? full.address : null} isLivePlaying={place === 0 && isLivePlaying} onLiveEnd={() => setLivePlaying(false)} />
                ),
            )}
          </div>
          <div className="step backward">
            {position !== null && position > 0 && (
              <IconButton label={strings.viewer.previous} onPress={() => step(-1)}>
                <ChevronLeft />
              </IconButton>
            )}
          </div>
          <div className="step forward">
            {position !== null && position < index.count - 1 && (
              <IconButton label={strings.viewer.next} onPress={() => step(1)}>
                <ChevronRight />
              </IconButton>
            )}
          </div>
          {isNarrow && (
            <div className="tools bottom">
              <ViewerActions {...{ id, isFavourite, isDeleted, remove, setChoosing, toggleInfo, download, edit }} look={view?.look ? view.shown : null} />
            </div>
          )}
          {!isNarrow && photo && !has(photo, 'video') && (
            <div className="tools bottom zooming">
              <IconButton label={strings.viewer.zoomOut} onPress={() => stage.zoom(1 / 1.6)}>
                <ZoomOut />
              </IconButton>
              <IconButton label={strings.viewer.zoomIn} onPress={() => stage.zoom(1.6)}>
                <ZoomIn />
              </IconButton>
            </div>
          )}
        </div>
        {isInfoOpen && view && <InfoPanel view={view} onClose={toggleInfo} />}
        <AlbumChooser isOpen={isChoosing} onClose={() => setChoosing(false)} assets={[id]} onAdded={() => undefined} />
      </Dialog>
      </div>
      </Modal>
    </ModalOverlay>
    {edited && (
      <Suspense fallback={null}>
        <Editor key={edited.asset.id} view={edited} onClose={() => setEdited(null)} />
      </Suspense>
    )}
    </>
  );
}

function When({ photo }: { readonly photo: Photo | undefined }): ReactNode {
  if (photo === undefined) return <div className="when" />;
  return (
    <div className="when">
      <strong>{formatWallDay(photo.localTime)}</strong>
      <span className="figures">{formatClock(photo.localTime)}</span>
    </div>
  );
}

interface ViewerActionsProps {
  readonly id: AssetId;
  readonly isFavourite: boolean;
  readonly isDeleted: boolean;
  readonly remove: () => void;
  readonly setChoosing: (isOpen: boolean) => void;
  readonly toggleInfo: () => void;
  readonly download: (ids: readonly AssetId[]) => Promise<void>;
  /** null: it cannot be edited. */
  readonly edit: (() => void) | null;
  /** Of an adjusted photo what names it. */
  readonly look: string | null;
}

function ViewerActions({ id, isFavourite, isDeleted, remove, setChoosing, toggleInfo, download, edit, look }: ViewerActionsProps): ReactNode {
  const actions = usePhotoActions();
  const downloadEdited = useDownloadEdited();
  return (
    <>
      {edit && (
        <IconButton label={strings.editor.open} onPress={edit}>
          <SlidersHorizontal />
        </IconButton>
      )}
      {!isDeleted && (
        <IconButton label={isFavourite ? strings.actions.unfavourite : strings.actions.favourite} className={isFavourite ? 'loved' : ''} onPress={() => actions.favourite([id], !isFavourite)}>
          <Heart />
        </IconButton>
      )}
      <IconButton label={strings.viewer.info} onPress={toggleInfo}>
        <Info />
      </IconButton>
      <IconButton label={isDeleted ? strings.actions.recover : strings.actions.delete} onPress={remove}>
        {isDeleted ? <Undo2 /> : <Trash2 />}
      </IconButton>
      {!isDeleted && (
        <Menu
          label={strings.actions.more}
          entries={[
            { id: 'album', label: strings.actions.addToAlbum, icon: <FolderPlus />, onAction: () => setChoosing(true) },
            ...(look === null ? [] : [{ id: 'edited', label: strings.editor.download, icon: <ImageDown />, onAction: () => void downloadEdited(id, look) }]),
            { id: 'download', label: strings.viewer.downloadOriginal, icon: <Download />, onAction: () => void download([id]) },
            { id: 'archive', label: strings.actions.archive, icon: <Archive />, onAction: () => actions.archive([id], true) },
            { id: 'hide', label: strings.actions.hide, icon: <EyeOff />, onAction: () => actions.hide([id], true) },
          ]}
          trigger={
            <IconButton label={strings.actions.more}>
              <Ellipsis />
            </IconButton>
          }
        />
      )}
    </>
  );
}
