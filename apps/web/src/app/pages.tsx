import { lazy, type ReactNode, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Loading } from '../ui/progress.tsx';
import { isAlbumId } from '../device/contract.ts';
import { isCollectionKind } from '../search/kinds.ts';
import { ArchivePage, FavouritesPage, KindPage } from '../timeline/simple-pages.tsx';
import { TimelinePage } from '../timeline/timeline-page.tsx';
import { useMember } from './device-context.tsx';
import { NotFound } from './not-found.tsx';

const PeriodsPage = lazy(async () => ({ default: (await import('../timeline/periods-page.tsx')).PeriodsPage }));
const AlbumsPage = lazy(async () => ({ default: (await import('../albums/albums-page.tsx')).AlbumsPage }));
const AlbumPage = lazy(async () => ({ default: (await import('../albums/album-page.tsx')).AlbumPage }));
const DeletedPage = lazy(async () => ({ default: (await import('../timeline/deleted-page.tsx')).DeletedPage }));
const HiddenPage = lazy(async () => ({ default: (await import('../timeline/hidden-page.tsx')).HiddenPage }));
const SearchPage = lazy(async () => ({ default: (await import('../search/search-page.tsx')).SearchPage }));
const DuplicatesPage = lazy(async () => ({ default: (await import('../duplicates/duplicates-page.tsx')).DuplicatesPage }));
const MemoriesPage = lazy(async () => ({ default: (await import('../memories/memories-page.tsx')).MemoriesPage }));
const MapPage = lazy(async () => ({ default: (await import('../map/map-page.tsx')).MapPage }));
const HealthPage = lazy(async () => ({ default: (await import('../health/health-page.tsx')).HealthPage }));
const StoragePage = lazy(async () => ({ default: (await import('../storage/storage-page.tsx')).StoragePage }));
const SettingsPage = lazy(async () => ({ default: (await import('../settings/settings-page.tsx')).SettingsPage }));
const PeoplePage = lazy(async () => ({ default: (await import('../people/people-page.tsx')).PeoplePage }));

export function Pages(): ReactNode {
  const isOwner = useMember().account.role === 'owner';
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/" component={TimelinePage} />
        <Route path="/months">
          <PeriodsPage period="months" />
        </Route>
        <Route path="/years">
          <PeriodsPage period="years" />
        </Route>
        <Route path="/favourites" component={FavouritesPage} />
        <Route path="/archive" component={ArchivePage} />
        <Route path="/hidden" component={HiddenPage} />
        <Route path="/deleted" component={DeletedPage} />
        <Route path="/kinds/:kind">{({ kind }) => (isCollectionKind(kind) ? <KindPage key={kind} kind={kind} /> : <NotFound />)}</Route>
        <Route path="/albums" component={AlbumsPage} />
        <Route path="/albums/:album">{({ album }) => <NamedAlbum album={album} />}</Route>
        <Route path="/search" component={SearchPage} />
        <Route path="/duplicates" component={DuplicatesPage} />
        <Route path="/memories" component={MemoriesPage} />
        <Route path="/map" component={MapPage} />
        <Route path="/health" component={HealthPage} />
        <Route path="/storage" component={StoragePage} />
        <Route path="/settings" component={SettingsPage} />
        <Route path="/people" component={isOwner ? PeoplePage : NotFound} />
        <Route path="/join/:code">
          <Redirect to="/" replace />
        </Route>
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  );
}

function NamedAlbum({ album }: { readonly album: string }): ReactNode {
  return isAlbumId(album) ? <AlbumPage key={album} id={album} /> : <NotFound />;
}
