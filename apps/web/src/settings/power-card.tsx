import { type DeviceSettings, PowerPolicy } from '@everroll/protocol';
import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { Switch } from '../ui/switch.tsx';
import type { SetSettings } from './use-set.ts';

const words = strings.settings;

/** When originals move by themselves. */
export function PowerCard({ settings, set }: { readonly settings: DeviceSettings; readonly set: SetSettings }): ReactNode {
  return (
    <section className="card">
      <h2>{words.power}</h2>
      <div className="choices" role="radiogroup" aria-label={words.power}>
        {PowerPolicy.options.map((policy) => (
          <label key={policy}>
            <input type="radio" name="power" checked={settings.power === policy} onChange={() => set({ power: policy })} />
            {words.policies[policy]}
            <small>{words.policyTexts[policy]}</small>
          </label>
        ))}
      </div>
      {settings.power === 'schedule' && (
        <div className="times">
          <Time label={words.from} minute={settings.schedule.fromMinute} onChange={(fromMinute) => set({ schedule: { ...settings.schedule, fromMinute } })} />
          <Time label={words.to} minute={settings.schedule.toMinute} onChange={(toMinute) => set({ schedule: { ...settings.schedule, toMinute } })} />
        </div>
      )}
      <Switch label={words.freshFirst} description={words.freshFirstText} isSelected={settings.freshFirst} onChange={(freshFirst) => set({ freshFirst })} />
    </section>
  );
}

/** @param minute since midnight */
function Time({ label, minute, onChange }: { readonly label: string; readonly minute: number; readonly onChange: (minute: number) => void }): ReactNode {
  return (
    <label>
      {label}
      <input
        type="time"
        value={`${two(Math.floor(minute / 60))}:${two(minute % 60)}`}
        onChange={(event) => {
          const [hours, minutes] = event.target.value.split(':').map(Number);
          if (hours !== undefined && minutes !== undefined) onChange(hours * 60 + minutes);
        }}
      />
    </label>
  );
}

const two = (value: number): string => String(value).padStart(2, '0');
