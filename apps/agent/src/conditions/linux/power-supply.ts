import type { Reading } from '../reading.ts';

/**
 * Charger and battery from the `uevent` files of `/sys/class/power_supply`
 * (Documentation/ABI/testing/sysfs-class-power): lines `POWER_SUPPLY_KEY=VALUE`. A machine without a
 * battery runs on mains.
 */
export function powerOf(supplies: readonly string[]): Reading {
  const all = supplies.map(valuesOf);
  // Scope "Device" is a mouse or a headset, not this machine.
  const own = all.filter((supply) => supply.get('SCOPE') !== 'Device');
  const batteries = own.filter((supply) => supply.get('TYPE') === 'Battery' && supply.get('PRESENT') !== '0');
  if (batteries.length === 0) return { charging: true };
  const chargers = own.filter((supply) => supply.get('TYPE') !== 'Battery' && supply.has('ONLINE'));
  const charging = chargers.some((supply) => supply.get('ONLINE') !== '0') || (isCharged(batteries) ?? (chargers.length > 0 ? false : null));
  const percent = percentOf(batteries);
  return { ...(charging !== null && { charging }), ...(percent !== null && { batteryPercent: percent }) };
}

function valuesOf(uevent: string): ReadonlyMap<string, string> {
  return new Map([...uevent.matchAll(/^POWER_SUPPLY_(\w+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]));
}

/** "Not charging" is on a charger that holds the charge where it is; null: no battery says anything. */
function isCharged(batteries: readonly ReadonlyMap<string, string>[]): boolean | null {
  const states = batteries.map((battery) => battery.get('STATUS'));
  if (states.includes('Discharging')) return false;
  return states.some((state) => state === 'Charging' || state === 'Full' || state === 'Not charging') ? true : null;
}

/** Of several batteries each counts by its size. */
function percentOf(batteries: readonly ReadonlyMap<string, string>[]): number | null {
  for (const measure of ['ENERGY', 'CHARGE'] as const) {
    const sum = (key: string): number => batteries.reduce((total, battery) => total + Number(battery.get(`${measure}_${key}`) ?? Number.NaN), 0);
    const [now, full] = [sum('NOW'), sum('FULL')];
    if (batteries.length > 1 && full > 0 && now >= 0) return Math.min(100, Math.round((100 * now) / full));
  }
  const told = batteries.map((battery) => Number(battery.get('CAPACITY') ?? Number.NaN)).filter((percent) => percent >= 0 && percent <= 100);
  return told.length === 0 ? null : Math.round(told.reduce((sum, percent) => sum + percent, 0) / told.length);
}
