import type { DeviceSettings } from '@everroll/protocol';
import type { ReactNode } from 'react';
import { formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Switch } from '../ui/switch.tsx';
import type { SetSettings } from './use-set.ts';

const words = strings.settings;
const MB = 1_000_000;
const allowances = [50, 200, 500, 1000].map((megabytes) => ({ id: String(megabytes * MB), label: formatBytes(megabytes * MB) }));

export interface MobileCardProps {
  readonly settings: DeviceSettings;
  readonly set: SetSettings;
  /** Today, on a metered connection; null: the device is another one. */
  readonly usedBytes: number | null;
}

/** What may go over a metered connection. */
export function MobileCard({ settings, set, usedBytes }: MobileCardProps): ReactNode {
  const isLimited = settings.mobileData && !settings.unlimitedUpdates;
  return (
    <section className="card">
      <h2>{words.mobile}</h2>
      <Switch label={words.mobileData} description={words.mobileDataText} isSelected={settings.mobileData} onChange={(mobileData) => set({ mobileData })} />
      <Switch label={words.unlimited} description={words.unlimitedText} isDisabled={!settings.mobileData} isSelected={settings.unlimitedUpdates} onChange={(unlimitedUpdates) => set({ unlimitedUpdates })} />
      {isLimited && (
        <>
          <div className="line">
            <span>{words.allowance}</span>
            <Segmented label={words.allowance} choices={allowances} chosen={String(settings.mobileAllowanceBytes)} onChange={(bytes) => set({ mobileAllowanceBytes: Number(bytes) })} />
          </div>
          {usedBytes !== null && <p className="quiet-text figures">{words.usedToday(formatBytes(usedBytes), formatBytes(settings.mobileAllowanceBytes))}</p>}
        </>
      )}
    </section>
  );
}
