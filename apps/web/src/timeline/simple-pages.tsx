import { Archive, Heart, Images, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useIsNarrow } from '../app/media-query.ts';
import { useChange } from '../changes/use-change.ts';
import type { CollectionKind, Scope } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Confirmation } from '../ui/dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { CollectionPage } from './collection-page.tsx';
import { useCounts } from './counts.ts';
import { useDaysLeft } from './days-left.ts';

/** On a phone these pages are reached from the page of albums. */
const useUp = (): { readonly up?: string } => (useIsNarrow() ? { up: '/albums' } : {});

const FAVOURITES: Scope = { of: 'favourites' };
const ARCHIVE: Scope = { of: 'archive' };
const DELETED: Scope = { of: 'deleted' };

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

export function DeletedPage(): ReactNode {
  const words = strings.timeline;
  const count = useCounts()?.deleted ?? 0;
  const change = useChange();
  const note = useDaysLeft();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <CollectionPage
        scope={DELETED}
        name={strings.navigation.deleted}
        byDay={false}
        {...useUp()}
        note={note}
        empty={<Empty sign={<Trash2 />} title={words.deletedEmptyTitle} text={words.deletedEmptyText} />}
        tools={
          count > 0 && (
            <Button look="quiet" size="small" onPress={() => setAsking(true)}>
              {words.emptyAll}
            </Button>
          )
        }
      />
      <Confirmation isOpen={isAsking} onClose={() => setAsking(false)} title={words.emptyAllTitle} text={words.emptyAllText(count)} action={strings.actions.deleteForGood} onConfirm={() => void change({ do: 'empty_recently_deleted' }, words.done.purge)} />
    </>
  );
}
