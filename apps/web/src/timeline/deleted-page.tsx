import { Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useChange } from '../changes/use-change.ts';
import type { Scope } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Confirmation } from '../ui/dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { CollectionPage } from './collection-page.tsx';
import { useCounts } from './counts.ts';
import { useDaysLeft } from './days-left.ts';
import { useUp } from './up.ts';

const DELETED: Scope = { of: 'deleted' };

/** What was deleted in the last 30 days, each with the days that it stays. */
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
