import { Archive, ArchiveRestore, CalendarClock, Download, Ellipsis, Eye, EyeOff, FolderMinus, FolderPlus, Heart, HeartOff, MapPin, Trash2, Undo2, X } from 'lucide-react';
import type { AlbumId, AssetId } from '@everroll/protocol';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { AlbumChooser } from '../albums/album-chooser.tsx';
import { useDownload } from '../changes/download.ts';
import { usePhotoActions } from '../changes/photo-actions.ts';
import { useChange } from '../changes/use-change.ts';
import type { Scope } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Confirmation } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { type MenuEntry, Menu } from '../ui/menu.tsx';
import './action-bar.css';
import { type Selection, useSelection } from './selection.ts';

const DateDialog = lazy(async () => ({ default: (await import('../correct/date-dialog.tsx')).DateDialog }));
const PlaceDialog = lazy(async () => ({ default: (await import('../correct/place-dialog.tsx')).PlaceDialog }));

/** What can be done with the photos that are picked. */
export function ActionBar({ scope, selection }: { readonly scope: Scope; readonly selection: Selection }): ReactNode {
  const { size } = useSelection(selection);
  return (
    <div className="action-bar">
      <div role="toolbar" aria-label={strings.timeline.selecting}>
        <IconButton label={strings.timeline.selectNone} onPress={() => selection.clear()}>
          <X />
        </IconButton>
        <span className="count figures" role="status">
          {strings.timeline.selected(size)}
        </span>
        {scope.of === 'deleted' ? <DeletedActions selection={selection} size={size} /> : <LiveActions scope={scope} selection={selection} size={size} />}
      </div>
    </div>
  );
}

function DeletedActions({ selection, size }: { readonly selection: Selection; readonly size: number }): ReactNode {
  const actions = usePhotoActions();
  const [isAsking, setAsking] = useState(false);
  const use = (act: (ids: readonly AssetId[]) => void): void => {
    act(selection.ids);
    selection.clear();
  };
  return (
    <>
      <Button look="quiet" isDisabled={size === 0} onPress={() => use(actions.recover)}>
        <Undo2 />
        {strings.actions.recover}
      </Button>
      <Button look="danger" isDisabled={size === 0} onPress={() => setAsking(true)}>
        {strings.actions.deleteForGood}
      </Button>
      <Confirmation
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={strings.timeline.purgeTitle(size)}
        text={strings.timeline.purgeText}
        action={strings.actions.deleteForGood}
        onConfirm={() => use(actions.purge)}
      />
    </>
  );
}

function LiveActions({ scope, selection, size }: { readonly scope: Scope; readonly selection: Selection; readonly size: number }): ReactNode {
  const actions = usePhotoActions();
  const change = useChange();
  const download = useDownload();
  const [isChoosing, setChoosing] = useState(false);
  const [correcting, setCorrecting] = useState<'date' | 'place' | null>(null);
  const use = (act: (ids: readonly AssetId[]) => void): (() => void) => () => {
    act(selection.ids);
    selection.clear();
  };
  const isFavourites = scope.of === 'favourites';
  const takeOut = (album: AlbumId): (() => void) => use((assets) => void change({ do: 'remove_from_album', album, assets }, strings.albums.removed));
  const more: readonly MenuEntry[] = [
    ...(scope.of === 'album' ? [{ id: 'take-out', label: strings.albums.remove, icon: <FolderMinus />, onAction: takeOut(scope.album) }] : []),
    { id: 'date', label: strings.correct.changeDate, icon: <CalendarClock />, onAction: () => setCorrecting('date') },
    { id: 'place', label: strings.correct.changePlace, icon: <MapPin />, onAction: () => setCorrecting('place') },
    { id: 'download', label: strings.actions.download, icon: <Download />, onAction: use((ids) => void download(ids)) },
    scope.of === 'archive'
      ? { id: 'archive', label: strings.actions.unarchive, icon: <ArchiveRestore />, onAction: use((ids) => actions.archive(ids, false)) }
      : { id: 'archive', label: strings.actions.archive, icon: <Archive />, onAction: use((ids) => actions.archive(ids, true)) },
    scope.of === 'hidden'
      ? { id: 'hide', label: strings.actions.unhide, icon: <Eye />, onAction: use((ids) => actions.hide(ids, false)) }
      : { id: 'hide', label: strings.actions.hide, icon: <EyeOff />, onAction: use((ids) => actions.hide(ids, true)) },
  ];
  return (
    <>
      <IconButton label={isFavourites ? strings.actions.unfavourite : strings.actions.favourite} isDisabled={size === 0} onPress={use((ids) => actions.favourite(ids, !isFavourites))}>
        {isFavourites ? <HeartOff /> : <Heart />}
      </IconButton>
      <IconButton label={strings.actions.addToAlbum} isDisabled={size === 0} onPress={() => setChoosing(true)}>
        <FolderPlus />
      </IconButton>
      <IconButton label={strings.actions.delete} isDisabled={size === 0} onPress={use(actions.delete)}>
        <Trash2 />
      </IconButton>
      <Menu
        label={strings.actions.more}
        entries={more}
        trigger={
          <Button look="quiet" aria-label={strings.actions.more} isDisabled={size === 0}>
            <Ellipsis />
          </Button>
        }
      />
      <Suspense fallback={null}>
        {correcting === 'date' && <DateDialog assets={selection.ids} onClose={() => setCorrecting(null)} onDone={() => selection.clear()} />}
        {correcting === 'place' && <PlaceDialog assets={selection.ids} onClose={() => setCorrecting(null)} onDone={() => selection.clear()} />}
      </Suspense>
      <AlbumChooser isOpen={isChoosing} onClose={() => setChoosing(false)} assets={isChoosing ? selection.ids : []} onAdded={() => selection.clear()} />
    </>
  );
}
