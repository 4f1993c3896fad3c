import type { Conditions, Engine } from '@everroll/engine';
import { formatSpan } from '../output/format.ts';
import { table, tone } from '../output/terminal.ts';
import { entriesOf } from './change.ts';
import { conditionNames, settingNames } from './names.ts';

/** Settings and conditions as they hold, each with what is possible, for `everroll set`. */
export function describeSettings(engine: Engine, now: number): string[] {
  const settings: Readonly<Record<string, unknown>> = { ...engine.settings() };
  const conditions: Readonly<Record<string, unknown>> = { ...engine.conditions() };
  const byHand = engine.conditionsByHand();
  return [
    ...table([
      ...entriesOf(settingNames).map(({ name, key, form }) => [name, tone(form.write(settings[key]), 'strong'), quiet(form.possible)]),
      ...entriesOf(conditionNames).map(({ name, key, form }) => {
        const value = conditions[key];
        return [name, value === null ? quiet('unknown') : tone(form.write(value), 'strong'), quiet(Object.hasOwn(byHand, key) ? `set by hand; ${name}=auto takes it back` : `${value === null ? 'this device does not tell; ' : 'told by this device; '}${form.possible}, auto`)];
      }),
    ]),
    ...describeExceptions(engine, now),
  ];
}

/** What holds for a while: a pause, "Sync now". */
export function describeExceptions(engine: Engine, now: number): string[] {
  const { pausedUntil, syncNowUntil } = engine.settings();
  return [
    ...(pausedUntil !== null && pausedUntil > now ? [pausedUntil === Number.MAX_SAFE_INTEGER ? 'Paused until: everroll resume' : `Paused for ${formatSpan(pausedUntil - now)} more. Continue earlier with: everroll resume`] : []),
    ...(syncNowUntil !== null && syncNowUntil > now ? [`Syncing goes on for ${formatSpan(syncNowUntil - now)} more, whatever the power policy says.`] : []),
  ];
}

/** The measured inputs of policy in one line, what is unknown left out; empty: nothing is known. */
export function describeConditions({ online, connection, metered, lowDataMode, mobileDataAllowed, charging, batteryPercent, lowPowerMode, hot }: Conditions): string {
  const kinds = { wifi: 'Wi-Fi', wired: 'wired', mobile: 'mobile data' } as const;
  const battery = batteryPercent === null ? '' : ` ${batteryPercent} %`;
  return [
    online === false && 'no network',
    connection !== null && kinds[connection],
    metered !== null && (metered ? 'metered' : 'not metered'),
    lowDataMode === true && 'Low Data Mode',
    mobileDataAllowed === false && 'mobile data off in the system',
    charging === true && (battery === '' ? 'on mains' : `charging, battery${battery}`),
    charging === false && `on battery${battery}`,
    charging === null && battery !== '' && `battery${battery}`,
    lowPowerMode === true && 'Low Power Mode',
    hot === true && 'too hot',
  ]
    .filter((part) => part !== false)
    .join(' · ');
}

const quiet = (text: string): string => tone(text, 'quiet');
