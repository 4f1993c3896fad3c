import { CopyCheck } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { useOfLibrary } from '../app/of-library.ts';
import { useChange } from '../changes/use-change.ts';
import type { DuplicateGroup } from '../device/contract.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { strings } from '../strings/strings.ts';
import { useUp } from '../timeline/up.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/progress.tsx';
import '../ui/card.css';
import { showToast } from '../ui/toast-queue.ts';
import { DuplicateCard } from './duplicate-card.tsx';
import './duplicates.css';
import { keepApart, keptApart, keyOfGroup } from './kept-apart.ts';

const AGAIN_MS = 600;
/** Cards on the page at first, and more by each wish. */
const PAGE = 20;

/** Copies of one photo, side by side: one is kept, with what people said of the others. */
export function DuplicatesPage(): ReactNode {
  const words = strings.duplicates;
  const found = useDuplicates();
  const change = useChange();
  const [apart, setApart] = useState(keptApart);
  const [shownCount, setShownCount] = useState(PAGE);
  const groups = useMemo(() => found?.filter(({ assets }) => !apart.has(keyOfGroup(assets.map(({ id }) => id)))) ?? [], [found, apart]);
  const same = groups.filter(({ why }) => why === 'same_file');
  const setAside = (key: string, isApart: boolean): void => {
    keepApart(key, isApart);
    setApart(keptApart());
  };
  return (
    <>
      <TopBar title={strings.navigation.duplicates} {...(groups.length > 0 && { detail: words.groups(groups.length) })} {...useUp()} />
      <main className="page">
        {found === null && <Loading />}
        {found !== null && groups.length === 0 && <Empty sign={<CopyCheck />} title={words.emptyTitle} text={words.emptyText} />}
        {groups.length > 0 && (
          <div className="measure duplicates">
            <p className="lead">{words.lead}</p>
            {same.length > 0 && (
              <div className="card all-same">
                <p>{words.allSame(same.length)}</p>
                <Button
                  look="primary"
                  onPress={() => void change({ do: 'merge', groups: same.flatMap(({ assets: [first, ...others] }) => (first === undefined ? [] : [{ keep: first.id, others: others.map(({ id }) => id) }])) }, words.merged)}
                >
                  {words.mergeAllSame}
                </Button>
              </div>
            )}
            {groups.slice(0, shownCount).map((group) => {
              const key = keyOfGroup(group.assets.map(({ id }) => id));
              return (
                <DuplicateCard
                  key={key}
                  group={group}
                  onMerge={(keep, others) => void change({ do: 'merge', groups: [{ keep, others }] }, words.merged)}
                  onKeepAll={() => {
                    setAside(key, true);
                    showToast(words.keptAll, { label: strings.actions.undo, run: () => setAside(key, false) });
                  }}
                />
              );
            })}
            {shownCount < groups.length && (
              <Button look="plain" onPress={() => setShownCount(shownCount + PAGE)}>
                {words.more}
              </Button>
            )}
          </div>
        )}
      </main>
    </>
  );
}

function useDuplicates(): readonly DuplicateGroup[] | null {
  const { assets } = useDevice();
  return useOfLibrary(useCallback(() => assets.duplicates(), [assets]), AGAIN_MS);
}
