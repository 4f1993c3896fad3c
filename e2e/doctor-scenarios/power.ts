import type { Scenario } from '../harness/scenario.ts';

/** The time of day some hours from now. */
const clock = (hours: number): string => `${(((new Date().getHours() + hours) % 24) + 24) % 24}:00`;

export const power: readonly Scenario[] = [
  { code: 'not_charging', check: 'power', cause: 'Wi-Fi and charging was chosen, and the charger is not there', make: (ward) => ward.set('conditions.metered=no', 'conditions.charging=no', 'conditions.battery=55', 'power=wifi-and-charging', 'fresh-first=off'), evidence: { percent: 55 }, fix: 'the doctor syncs for an hour' },
  { code: 'low_power_mode', check: 'power', cause: 'Low Power Mode', make: (ward) => ward.set('conditions.low-power-mode=yes', 'fresh-first=off'), evidence: { lowPowerMode: true }, fix: 'the doctor syncs for an hour' },
  { code: 'battery_low', check: 'power', cause: '17 % of the battery are left, the floor is 20 %', make: (ward) => ward.set('conditions.charging=no', 'conditions.battery=17', 'fresh-first=off'), evidence: { percent: 17, floorPercent: 20 }, fix: 'the doctor syncs for an hour' },
  { code: 'too_hot', check: 'power', cause: 'the device is hot', make: (ward) => ward.set('conditions.hot=yes', 'fresh-first=off'), evidence: { hot: true }, fix: 'the doctor syncs for an hour' },
  { code: 'outside_schedule', check: 'power', cause: 'the schedule begins in some hours', make: (ward) => ward.set('power=schedule', `schedule=${clock(3)}-${clock(5)}`, 'fresh-first=off'), evidence: { policy: 'schedule' }, fix: 'the doctor syncs for an hour' },
];
