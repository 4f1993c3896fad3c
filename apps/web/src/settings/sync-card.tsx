import { type DeviceSettings, pausing, resuming, syncingNow } from '@everroll/protocol';
import type { ReactNode } from 'react';
import { DAY_MS, formatMoment } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Switch } from '../ui/switch.tsx';
import type { SetSettings } from './use-set.ts';

const words = strings.settings;

export interface SyncCardProps {
  readonly settings: DeviceSettings;
  readonly set: SetSettings;
  readonly title: string;
  readonly isBrowser: boolean;
}

/** Whether the device syncs, and pauses. */
export function SyncCard({ settings, set, title, isBrowser }: SyncCardProps): ReactNode {
  const now = Date.now();
  const { pausedUntil } = settings;
  const isPaused = pausedUntil !== null && pausedUntil > now;
  return (
    <section className="card">
      <h2>{title}</h2>
      <Switch label={words.sync} description={words.syncText} isSelected={settings.sync} onChange={(sync) => set({ sync })} />
      {isPaused && <p className="quiet-text">{words.paused(pausedUntil === Number.MAX_SAFE_INTEGER ? null : formatMoment(pausedUntil))}</p>}
      <div className="acts">
        {isPaused ? (
          <Button size="small" look="primary" onPress={() => set(resuming)}>
            {words.resume}
          </Button>
        ) : (
          <>
            <Button size="small" isDisabled={!settings.sync} onPress={() => set(pausing(now + DAY_MS, now))}>
              {words.pause}
            </Button>
            <Button size="small" isDisabled={!settings.sync} onPress={() => set(pausing(null, now))}>
              {words.pauseUntilResumed}
            </Button>
          </>
        )}
        <Button size="small" isDisabled={!settings.sync} onPress={() => set(syncingNow(now))}>
          {words.syncNow}
        </Button>
      </div>
      {isBrowser && <p className="quiet-text">{words.browserLimits}</p>}
    </section>
  );
}
