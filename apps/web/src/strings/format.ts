/** Numbers, sizes and times as people read them, in the language of the catalogue. */
const LOCALE = 'en-GB';

/** Days and clock times of photos are the wall clock of where they were taken, held as if it were UTC. */
const wall = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' });
const longDay = wall({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const dayOfThisYear = wall({ weekday: 'short', day: 'numeric', month: 'short' });
const shortDay = wall({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const narrowDay = wall({ day: 'numeric', month: 'short', year: 'numeric' });
const monthAndYear = wall({ month: 'long', year: 'numeric' });
const monthAlone = wall({ month: 'long' });
const shortMonth = wall({ month: 'short' });
const clock = wall({ hour: '2-digit', minute: '2-digit' });
const here = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
const ago = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
const figures = new Intl.NumberFormat(LOCALE);

export const DAY_MS = 86_400_000;
const atDay = (day: number): Date => new Date(day * DAY_MS);
const thisYear = (): number => new Date().getFullYear();

export const formatNumber = (value: number): string => figures.format(value);
export const formatLongDay = (day: number): string => longDay.format(atDay(day));
export const formatDay = (day: number): string => (atDay(day).getUTCFullYear() === thisYear() ? dayOfThisYear : shortDay).format(atDay(day));
export const formatNarrowDay = (day: number): string => narrowDay.format(atDay(day));
export const formatMonth = (day: number): string => monthAndYear.format(atDay(day));
export const formatMonthAlone = (day: number): string => monthAlone.format(atDay(day));
export const formatShortMonth = (day: number): string => shortMonth.format(atDay(day));
/** @param wallMs the wall clock, as if it were UTC */
export const formatClock = (wallMs: number): string => clock.format(new Date(wallMs));
export const formatWallDay = (wallMs: number): string => longDay.format(new Date(wallMs));
/** A moment, by the clock of who looks. */
export const formatMoment = (ms: number): string => here.format(new Date(ms));

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal, as plans are sold: `5 GB` are 5,000,000,000 bytes. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 1 && value < 10 ? 2 : unit > 1 && value < 100 ? 1 : 0;
  return `${bytes < 0 ? '−' : ''}${Number(value.toFixed(digits))} ${units[unit] ?? ''}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `0:07`, `1:02:09`; what is shorter than a second is said to last one. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** How long something will take, roughly: `about 3 minutes`. */
export function formatTimeLeft(ms: number): string {
  if (ms < 60_000) return 'less than a minute';
  const minutes = Math.round(ms / 60_000);
  if (minutes < 90) return minutes === 1 ? 'about a minute' : `about ${minutes} minutes`;
  return `about ${Math.round(minutes / 60)} hours`;
}

const spans = [
  ['year', 365 * DAY_MS],
  ['month', 30 * DAY_MS],
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 hours ago`, `in 5 minutes`. */
export function formatAgo(ms: number, now: number): string {
  const difference = ms - now;
  for (const [unit, span] of spans) if (Math.abs(difference) >= span) return ago.format(Math.round(difference / span), unit);
  return difference > 0 ? 'in a moment' : 'just now';
}

/** `1/125 s`, `2.5 s`. */
export function formatExposure(seconds: number): string {
  return seconds >= 0.4 ? `${Number(seconds.toFixed(1))} s` : `1/${Math.round(1 / seconds)} s`;
}

/** `UTC+5:30`. */
export function formatOffset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`;
}

const regions = new Intl.DisplayNames(LOCALE, { type: 'region', fallback: 'code' });

/** @param code ISO 3166-1, two letters */
export const formatCountry = (code: string): string => regions.of(code) ?? code;

/** `47.3769° N, 8.5417° E`. */
export function formatPlace(latitude: number, longitude: number): string {
  return `${Math.abs(latitude).toFixed(4)}° ${latitude >= 0 ? 'N' : 'S'}, ${Math.abs(longitude).toFixed(4)}° ${longitude >= 0 ? 'E' : 'W'}`;
}
