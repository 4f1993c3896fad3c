import type { Reading } from '../reading.ts';

/**
 * `pmset -g batt`: `Now drawing from 'AC Power'`, then a line for each battery, such as
 * ` -InternalBattery-0 (id=4653155)\t86%; discharging; 5:25 remaining present: true`. A Mac without a
 * battery draws from AC Power and has no such line.
 */
export function batteryOf(output: string): Reading {
  const source = /Now drawing from '(.*)'/.exec(output)?.[1];
  const percent = /-InternalBattery-\d+\b.*?(\d{1,3})%/.exec(output)?.[1];
  return { ...(source !== undefined && { charging: source === 'AC Power' }), ...(percent !== undefined && { batteryPercent: Number(percent) }) };
}

/** `pmset -g`, what is in use now: `lowpowermode 1`, or on newer machines `powermode` with 0 automatic, 1 low, 2 high. */
export function isLowPowerMode(output: string): boolean | null {
  const told = [...output.matchAll(/^\s*(?:lowpowermode|powermode)\s+(\d+)/gm)].map(([, value]) => value);
  return told.length === 0 ? null : told.includes('1');
}

/**
 * `pmset -g therm`: `CPU_Speed_Limit = 35` is a processor at 35 percent of its speed (Intel); Apple
 * silicon says that no thermal warning level has been recorded, or which.
 */
export function isThrottled(output: string): boolean | null {
  const speed = /CPU_Speed_Limit\s*=\s*(\d+)/.exec(output)?.[1];
  if (speed !== undefined) return Number(speed) < 100;
  const level = /^(?!Note).*[Tt]hermal.*?level\D*(\d+)/m.exec(output)?.[1];
  if (level !== undefined) return Number(level) > 0;
  return output.includes('No thermal warning level has been recorded') ? false : null;
}
