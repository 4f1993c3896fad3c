import type { AssetId } from '@everroll/protocol';
import { type ReactNode, useState } from 'react';
import { Button as PlainButton } from 'react-aria-components/Button';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { useChange } from '../changes/use-change.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import './album-chooser.css';
import { AlbumCover } from './album-cover.tsx';

export interface AlbumChooserProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly assets: readonly AssetId[];
  readonly onAdded: () => void;
}

/** To one of the albums, or to a new one. */
export function AlbumChooser({ isOpen, onClose, assets, onAdded }: AlbumChooserProps): ReactNode {
  const device = useDevice();
  const albums = useWatched(device.albums.list) ?? [];
  const change = useChange();
  const [name, setName] = useState('');
  const finish = (): void => {
    setName('');
    onClose();
    onAdded();
  };
  const create = async (): Promise<void> => {
    const title = name.trim();
    if (title === '') return;
    const made = await change({ do: 'create_album', name: title, assets }, () => strings.albums.created(title));
    if (made.ok) finish();
  };
  return (
    <Dialog title={strings.albums.choose} isOpen={isOpen} onClose={onClose}>
      <form
        className="new-album"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <Field label={strings.albums.create} value={name} onChange={setName} autoFocus={albums.length === 0} />
        <Button type="submit" look="primary" isDisabled={name.trim() === ''}>
          {strings.albums.createAction}
        </Button>
      </form>
      {albums.length > 0 && (
        <ul className="chooser">
          {albums.map((album) => (
            <li key={album.id}>
              <PlainButton
                onPress={() => {
                  finish();
                  void change({ do: 'add_to_album', album: album.id, assets }, (count) => (count === 0 ? strings.albums.addedNone(album.name) : strings.albums.added(count, album.name)));
                }}
              >
                <AlbumCover album={album} />
                <span className="words">
                  <span>{album.name}</span>
                  <small className="figures">{strings.albums.count(album.count)}</small>
                </span>
              </PlainButton>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
