import type { ReasonCode } from '@everroll/protocol';
import { lazy, type ReactNode, Suspense } from 'react';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { useIsNarrow } from '../app/media-query.ts';
import { strings } from '../strings/strings.ts';
import { DropTarget } from '../uploads/drop-target.tsx';
import './shell.css';
import { SideBar } from './side-bar.tsx';
import { TabBar } from './tab-bar.tsx';

// What most people never see, or not now.
const Halted = lazy(async () => ({ default: (await import('./halted.tsx')).Halted }));
const Tray = lazy(async () => ({ default: (await import('../uploads/tray.tsx')).Tray }));

/** What is around every page of the library. */
export function Shell({ halted, children }: { readonly halted: ReasonCode | null; readonly children: ReactNode }): ReactNode {
  const isNarrow = useIsNarrow();
  const isAdding = (useWatched(useDevice().uploads.summary)?.total ?? 0) > 0;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {strings.navigation.skip}
      </a>
      {!isNarrow && <SideBar />}
      <div className="content" id="content" tabIndex={-1}>
        {halted !== null && (
          <Suspense fallback={null}>
            <Halted code={halted} />
          </Suspense>
        )}
        {children}
      </div>
      {isNarrow && <TabBar />}
      <DropTarget />
      {isAdding && (
        <Suspense fallback={null}>
          <Tray />
        </Suspense>
      )}
    </div>
  );
}
