import { Images, LibraryBig, RefreshCw, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useSyncState } from '../app/use-sync-state.ts';
import { strings } from '../strings/strings.ts';

const tabs = [
  { to: '/', name: strings.navigation.photos, icon: <Images /> },
  { to: '/albums', name: strings.navigation.albums, icon: <LibraryBig /> },
  { to: '/search', name: strings.navigation.search, icon: <Search /> },
  { to: '/health', name: strings.navigation.healthShort, icon: <RefreshCw /> },
] as const;

/** The side bar of a phone; what is not in it is reached from the page of albums. */
export function TabBar(): ReactNode {
  const [place] = useLocation();
  const { tone } = useSyncState();
  const isHere = (to: string): boolean => (to === '/' ? place === '/' || place === '/months' || place === '/years' : place.startsWith(to));
  return (
    <nav className="tab-bar" aria-label={strings.navigation.label}>
      {tabs.map(({ to, name, icon }) => (
        <Link key={to} href={to} {...(isHere(to) && { 'aria-current': 'page' })}>
          {icon}
          {name}
          {to === '/health' && <span className={`dot ${tone}`} />}
        </Link>
      ))}
    </nav>
  );
}
