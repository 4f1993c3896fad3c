import { LibraryBig, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { useIsNarrow } from '../app/media-query.ts';
import { useChange } from '../changes/use-change.ts';
import type { AlbumSummary } from '../device/contract.ts';
import { LibraryLinks, ToolLinks } from '../shell/links.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Loading } from '../ui/progress.tsx';
import { AlbumCover } from './album-cover.tsx';
import { useAlbumDrop } from './album-drop.ts';
import './album-chooser.css';
import './albums-page.css';
import { NameDialog } from './name-dialog.tsx';

export function AlbumsPage(): ReactNode {
  const albums = useWatched(useDevice().albums.list);
  const isNarrow = useIsNarrow();
  const change = useChange();
  const [, go] = useLocation();
  const [isNaming, setNaming] = useState(false);
  const create = async (name: string): Promise<void> => {
    const made = await change({ do: 'create_album', name, assets: [] }, () => strings.albums.created(name));
    if (made.ok && made.value.album !== null) go(`/albums/${made.value.album}`);
  };
  return (
    <>
      <TopBar title={strings.albums.title}>
        <IconButton label={strings.albums.create} onPress={() => setNaming(true)}>
          <Plus />
        </IconButton>
      </TopBar>
      <main className="page">
        {albums === undefined && <Loading />}
        {albums?.length === 0 && (
          <Empty sign={<LibraryBig />} title={strings.albums.emptyTitle} text={strings.albums.emptyText}>
            <Button look="primary" onPress={() => setNaming(true)}>
              {strings.albums.create}
            </Button>
          </Empty>
        )}
        {albums !== undefined && albums.length > 0 && (
          <ul className="albums-grid">
            {albums.map((album) => (
              <li key={album.id}>
                <AlbumCard album={album} />
              </li>
            ))}
          </ul>
        )}
        {isNarrow && (
          <nav className="more-places" aria-label={strings.navigation.utilities}>
            <h2>{strings.navigation.library}</h2>
            <LibraryLinks />
            <h2>{strings.navigation.utilities}</h2>
            <ToolLinks />
          </nav>
        )}
      </main>
      <NameDialog title={strings.albums.create} label={strings.albums.name} action={strings.albums.createAction} initial="" isOpen={isNaming} onClose={() => setNaming(false)} onName={(name) => void create(name)} />
    </>
  );
}

function AlbumCard({ album }: { readonly album: AlbumSummary }): ReactNode {
  const drop = useAlbumDrop(album);
  return (
    <Link href={`/albums/${album.id}`} className={drop.isOver ? 'album-card drop' : 'album-card'} {...drop.handlers}>
      <AlbumCover album={album} />
      <span className="words">
        <span>{album.name}</span>
        <small className="figures">{strings.albums.count(album.count)}</small>
      </span>
    </Link>
  );
}
