import type { DeviceSettings } from '@everroll/protocol';
import type { ReactNode } from 'react';
import { useDevice } from '../app/device-context.tsx';
import { DAY_MS, formatMoment } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { Switch } from '../ui/switch.tsx';
import { useSet } from './use-set.ts';

const words = strings.settings;

export function SyncCard({ settings }: { readonly settings: DeviceSettings }): ReactNode {
  const device = useDevice();
  const set = useSet();
  const now = Date.now();
  const { pausedUntil } = settings;
  const isPaused = pausedUntil !== null && pausedUntil > now;
  return (
    <section className="card">
      <h2>{words.thisDevice}</h2>
      <Switch label={words.sync} description={words.syncText} isSelected={settings.sync} onChange={(sync) => set({ sync })} />
      {isPaused && <p className="quiet-text">{words.paused(pausedUntil === Number.MAX_SAFE_INTEGER ? null : formatMoment(pausedUntil))}</p>}
      <div className="acts">
        {isPaused ? (
          <Button size="small" look="primary" onPress={() => void device.settings.resume()}>
            {words.resume}
          </Button>
        ) : (
          <>
            <Button size="small" isDisabled={!settings.sync} onPress={() => void device.settings.pause(now + DAY_MS)}>
              {words.pause}
            </Button>
            <Button size="small" isDisabled={!settings.sync} onPress={() => void device.settings.pause(null)}>
              {words.pauseUntilResumed}
            </Button>
          </>
        )}
        <Button size="small" isDisabled={!settings.sync} onPress={() => void device.settings.syncNow()}>
          {words.syncNow}
        </Button>
      </div>
      <p className="quiet-text">{words.browserLimits}</p>
    </section>
  );
}
