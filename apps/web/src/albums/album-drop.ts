import type { AlbumId } from '@everroll/protocol';
import { type DragEvent, useState } from 'react';
import { useChange } from '../changes/use-change.ts';
import type { AlbumSummary } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { carriesPhotos, draggedPhotos } from '../timeline/dragged-photos.ts';

export interface AlbumDrop {
  readonly isOver: boolean;
  readonly handlers: {
    readonly onDragEnter: (event: DragEvent) => void;
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
  };
}

/** Photos can be dropped on whatever stands for an album. */
export function useAlbumDrop(album: Pick<AlbumSummary, 'name'> & { readonly id: AlbumId }): AlbumDrop {
  const change = useChange();
  const [isOver, setOver] = useState(false);
  const accept = (event: DragEvent): void => {
    if (!carriesPhotos(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  return {
    isOver,
    handlers: {
      onDragEnter: accept,
      onDragOver: accept,
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        setOver(false);
        const assets = draggedPhotos(event.dataTransfer);
        if (assets.length === 0) return;
        event.preventDefault();
        void change({ do: 'add_to_album', album: album.id, assets }, (count) => (count === 0 ? strings.albums.addedNone(album.name) : strings.albums.added(count, album.name)));
      },
    },
  };
}
