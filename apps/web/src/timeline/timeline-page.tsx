import { ImagePlus } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { useIsNarrow } from '../app/media-query.ts';
import type { Scope } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { ChooseFiles } from '../uploads/choose-files.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/progress.tsx';
import { CollectionPage } from './collection-page.tsx';
import { useCounts } from './counts.ts';
import { ViewSwitch } from './view-switch.tsx';

const TodayButton = lazy(async () => ({ default: (await import('../memories/today-button.tsx')).TodayButton }));

const LIBRARY: Scope = { of: 'library' };

/** Every photo, by day. `?day=` begins at a day (days since 1970). */
export function TimelinePage(): ReactNode {
  const [params] = useSearchParams();
  const [, go] = useLocation();
  const isNarrow = useIsNarrow();
  const isRemembered = useCounts()?.isRemembered ?? false;
  const [startAtDay] = useState(() => (params.has('day') ? Number(params.get('day')) : null));
  return (
    <>
      <CollectionPage
        scope={LIBRARY}
        name={strings.timeline.title}
        startAtDay={startAtDay !== null && Number.isFinite(startAtDay) ? startAtDay : null}
        onSmallest={() => go('/months')}
        tools={
          <>
            {!isNarrow && <ViewSwitch chosen="all" />}
            {isRemembered && (
              <Suspense fallback={null}>
                <TodayButton />
              </Suspense>
            )}
            <ChooseFiles look="icon" />
          </>
        }
        empty={<NothingYet />}
      />
      {isNarrow && <ViewSwitch chosen="all" />}
    </>
  );
}

/** Either the library is being read for the first time, or it is empty. */
function NothingYet(): ReactNode {
  const surroundings = useWatched(useDevice().session.surroundings);
  if (surroundings?.firstSync) {
    return (
      <div role="status">
        <Loading />
        <p className="centred">{strings.timeline.firstSync(surroundings.firstSync.assets)}</p>
      </div>
    );
  }
  return (
    <Empty sign={<ImagePlus />} title={strings.timeline.emptyTitle} text={strings.timeline.emptyText}>
      <ChooseFiles look="button" />
    </Empty>
  );
}
