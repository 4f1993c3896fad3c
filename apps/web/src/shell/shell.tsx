import type { ReasonCode } from '@everroll/protocol';
import type { ReactNode } from 'react';
import { useIsNarrow } from '../app/media-query.ts';
import { strings } from '../strings/strings.ts';
import { DropTarget } from '../uploads/drop-target.tsx';
import { Tray } from '../uploads/tray.tsx';
import { Halted } from './halted.tsx';
import './shell.css';
import { SideBar } from './side-bar.tsx';
import { TabBar } from './tab-bar.tsx';

/** What is around every page of the library. */
export function Shell({ halted, children }: { readonly halted: ReasonCode | null; readonly children: ReactNode }): ReactNode {
  const isNarrow = useIsNarrow();
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {strings.navigation.skip}
      </a>
      {!isNarrow && <SideBar />}
      <div className="content" id="content" tabIndex={-1}>
        {halted !== null && <Halted code={halted} />}
        {children}
      </div>
      {isNarrow && <TabBar />}
      <DropTarget />
      <Tray />
    </div>
  );
}
