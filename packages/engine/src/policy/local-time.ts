import type { Schedule } from '@everroll/protocol';

/** Wall-clock arithmetic by the device's own time zone. Times are milliseconds since 1970. */

export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

/** Midnight is not 24 hours after midnight on the two days on which the clocks change. */
export function startOfNextDay(now: number): number {
  const day = new Date(startOfDay(now));
  return day.setDate(day.getDate() + 1);
}

/** When the schedule next begins; null: it is on now. Equal ends are the whole day. */
export function scheduleBeginsAt({ fromMinute, toMinute }: Schedule, now: number): number | null {
  if (fromMinute === toMinute) return null;
  const at = new Date(now);
  const minute = at.getHours() * 60 + at.getMinutes();
  const on = fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
  if (on) return null;
  const begins = new Date(startOfDay(now)).setHours(0, fromMinute);
  return begins > now ? begins : new Date(startOfNextDay(now)).setHours(0, fromMinute);
}
