import { Ellipsis, Images, Pencil, Trash2 } from 'lucide-react';
import type { AlbumId } from '@everroll/protocol';
import { type ReactNode, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { NotFound } from '../app/not-found.tsx';
import { useChange } from '../changes/use-change.ts';
import type { Scope } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { CollectionPage } from '../timeline/collection-page.tsx';
import { Empty } from '../ui/empty.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { Loading } from '../ui/progress.tsx';
import { NameDialog } from './name-dialog.tsx';

/** An album, in its own order. */
export function AlbumPage({ id }: { readonly id: AlbumId }): ReactNode {
  const albums = useWatched(useDevice().albums.list);
  const album = albums?.find((one) => one.id === id);
  const scope = useMemo((): Scope => ({ of: 'album', album: id }), [id]);
  const change = useChange();
  const [, go] = useLocation();
  const [isNaming, setNaming] = useState(false);
  if (albums === undefined) return <Loading />;
  if (album === undefined) return <NotFound />;
  const remove = (): void => {
    void change({ do: 'delete_album', album: id }, () => strings.albums.deleted(album.name));
    go('/albums');
  };
  return (
    <>
      <CollectionPage
        scope={scope}
        name={album.name}
        byDay={false}
        up="/albums"
        empty={<Empty sign={<Images />} title={strings.albums.albumEmptyTitle} text={strings.albums.albumEmptyText} />}
        tools={
          <Menu
            label={strings.actions.more}
            entries={[
              { id: 'rename', label: strings.albums.rename, icon: <Pencil />, onAction: () => setNaming(true) },
              { id: 'delete', label: strings.albums.delete, icon: <Trash2 />, isDangerous: true, onAction: remove },
            ]}
            trigger={
              <IconButton label={strings.actions.more}>
                <Ellipsis />
              </IconButton>
            }
          />
        }
      />
      <NameDialog
        title={strings.albums.rename}
        label={strings.albums.name}
        action={strings.actions.save}
        initial={album.name}
        isOpen={isNaming}
        onClose={() => setNaming(false)}
        onName={(name) => void change({ do: 'rename_album', album: id, name }, () => strings.albums.renamed(name))}
      />
    </>
  );
}
