import { Images, LibraryBig, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { useAlbumDrop } from '../albums/album-drop.ts';
import { useDevice, useMember, useWatched } from '../app/device-context.tsx';
import type { AlbumSummary } from '../device/contract.ts';
import { formatNumber } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { useCounts } from '../timeline/counts.ts';
import { Mark } from '../ui/brand.tsx';
import { KindLinks, LibraryLinks, ToolLinks } from './links.tsx';
import { NavLink } from './nav-link.tsx';

const words = strings.navigation;

export function SideBar(): ReactNode {
  const albums = useWatched(useDevice().albums.list) ?? [];
  const counts = useCounts();
  return (
    <div className="sidebar">
      <nav aria-label={words.label}>
        <div className="brand">
          <Mark />
          {strings.product}
        </div>
        <ul>
          <li>
            <NavLink to="/" name={words.photos} icon={<Images />} count={counts?.library} />
          </li>
          <li>
            <NavLink to="/search" name={words.search} icon={<Search />} />
          </li>
        </ul>
        <LibraryLinks />
        <h2>{words.albums}</h2>
        <ul>
          <li>
            <NavLink to="/albums" name={words.allAlbums} icon={<LibraryBig />} count={albums.length} />
          </li>
          {albums.map((album) => (
            <li key={album.id}>
              <AlbumLink album={album} />
            </li>
          ))}
        </ul>
        <KindLinks />
      </nav>
      <nav aria-label={words.utilities}>
        <ToolLinks />
        <Account />
      </nav>
    </div>
  );
}

function AlbumLink({ album }: { readonly album: AlbumSummary }): ReactNode {
  const to = `/albums/${album.id}`;
  const [isHere] = useRoute(to);
  const drop = useAlbumDrop(album);
  return (
    <Link href={to} className={drop.isOver ? 'nav-link drop' : 'nav-link'} {...(isHere && { 'aria-current': 'page' })} {...drop.handlers}>
      <Images />
      <span className="name">{album.name}</span>
      {album.count > 0 && <span className="figures">{formatNumber(album.count)}</span>}
    </Link>
  );
}

/** Who is signed in, and where: two devices on different accounts are seen at once. */
function Account(): ReactNode {
  const { account, server } = useMember();
  return (
    <Link href="/settings" className="account">
      <span className="face" aria-hidden="true">
        {account.name.slice(0, 1).toUpperCase()}
      </span>
      <span className="words">
        <strong>{account.name}</strong>
        <small>{server.replace(/^https?:\/\//, '')}</small>
      </span>
    </Link>
  );
}
