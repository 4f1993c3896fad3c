import { Archive, Heart, Images } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { CollectionKind, Scope } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { Empty } from '../ui/empty.tsx';
import { CollectionPage } from './collection-page.tsx';
import { useUp } from './up.ts';

const FAVOURITES: Scope = { of: 'favourites' };
const ARCHIVE: Scope = { of: 'archive' };

export function FavouritesPage(): ReactNode {
  const words = strings.timeline;
  return <CollectionPage scope={FAVOURITES} name={strings.navigation.favourites} {...useUp()} empty={<Empty sign={<Heart />} title={words.favouritesEmptyTitle} text={words.favouritesEmptyText} />} />;
}

export function ArchivePage(): ReactNode {
  const words = strings.timeline;
  return <CollectionPage scope={ARCHIVE} name={strings.navigation.archive} {...useUp()} empty={<Empty sign={<Archive />} title={words.archiveEmptyTitle} text={words.archiveEmptyText} />} />;
}

export function KindPage({ kind }: { readonly kind: CollectionKind }): ReactNode {
  const scope = useMemo((): Scope => ({ of: 'kind', kind }), [kind]);
  const words = strings.timeline;
  return <CollectionPage scope={scope} name={strings.search.kinds[kind]} {...useUp()} empty={<Empty sign={<Images />} title={words.kindEmptyTitle} text={words.kindEmptyText} />} />;
}
