import type { ReactNode } from 'react';
import { useState } from 'react';
import { useDevice, useWatched } from '../app/device-context.tsx';
import { chooseTheme, readTheme, type Theme, themes } from '../app/theme.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { strings } from '../strings/strings.ts';
import { useUp } from '../timeline/up.ts';
import '../ui/card.css';
import { Loading } from '../ui/progress.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { AccountCard } from './account-card.tsx';
import { MobileCard } from './mobile-card.tsx';
import { PowerCard } from './power-card.tsx';
import './settings.css';
import { SyncCard } from './sync-card.tsx';
import { useSet } from './use-set.ts';

const words = strings.settings;

/** What a person sets for this browser as a device. */
export function SettingsPage(): ReactNode {
  const up = useUp();
  const view = useWatched(useDevice().settings.view);
  const set = useSet();
  return (
    <>
      <TopBar title={words.title} {...up} />
      <main className="page">
        <div className="measure settings">
          {view === undefined ? (
            <Loading />
          ) : (
            <>
              <SyncCard settings={view.settings} set={set} title={words.thisDevice} isBrowser />
              <MobileCard settings={view.settings} set={set} usedBytes={view.mobileUsedBytes} />
              <PowerCard settings={view.settings} set={set} />
            </>
          )}
          <Appearance />
          <AccountCard />
        </div>
      </main>
    </>
  );
}

function Appearance(): ReactNode {
  const [theme, setTheme] = useState<Theme>(readTheme);
  const choose = (chosen: Theme): void => {
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <section className="card">
      <div className="line">
        <h2>{words.appearance}</h2>
        <Segmented label={words.appearance} choices={themes.map((id) => ({ id, label: words.themes[id] }))} chosen={theme} onChange={choose} />
      </div>
    </section>
  );
}
