import type { DeviceSettings } from '@everroll/protocol';
import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { Switch } from '../ui/switch.tsx';
import type { SetSettings } from './use-set.ts';

const words = strings.settings;

/** Of a device with a library folder: all originals, or as many as there is room for. */
export function StorageCard({ settings, set }: { readonly settings: DeviceSettings; readonly set: SetSettings }): ReactNode {
  return (
    <section className="card">
      <h2>{words.storage}</h2>
      <Switch label={words.optimise} description={words.optimiseText} isSelected={settings.originals === 'optimise'} onChange={(on) => set({ originals: on ? 'optimise' : 'keep' })} />
    </section>
  );
}
