import type { ReactNode } from 'react';
import type { Scope } from '../device/contract.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { strings } from '../strings/strings.ts';
import { Gallery, type GalleryProps, useGallery } from './gallery.tsx';
import { GridTools } from './grid-tools.tsx';

export interface CollectionPageProps extends Omit<GalleryProps, 'gallery'> {
  readonly scope: Scope;
  readonly up?: string;
  /** Beside the title. */
  readonly tools?: ReactNode;
  /** Between the top bar and the photos. */
  readonly head?: ReactNode;
}

/** A page of photos: the timeline, an album, what a search found. */
export function CollectionPage({ scope, up, tools, head, ...shown }: CollectionPageProps): ReactNode {
  const gallery = useGallery(scope);
  const count = gallery.collection?.index.count ?? 0;
  const counted = scope.of === 'kind' && scope.kind === 'videos' ? strings.timeline.countVideos : strings.timeline.count;
  return (
    <>
      <TopBar title={shown.name} {...(count > 0 && { detail: counted(count) })} {...(up !== undefined && { up })}>
        {tools}
        {count > 0 && <GridTools density={gallery.density} selection={gallery.selection} />}
      </TopBar>
      {head}
      <main className="timeline-page" {...(head !== undefined && { 'data-head': '' })}>
        <Gallery gallery={gallery} {...shown} />
      </main>
    </>
  );
}
