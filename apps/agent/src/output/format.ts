const whole = new Intl.NumberFormat('en');
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

export const formatCount = (count: number): string => whole.format(count);

export const formatItems = (count: number): string => `${formatCount(count)} ${count === 1 ? 'item' : 'items'}`;

/** Decimal units, as plans are sold: 5 GB are 5,000,000,000 bytes. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return bytes === 1 ? '1 byte' : `${formatCount(bytes)} bytes`;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** A span of time in its two largest units at most. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.round(hours / 24);
  return days === 1 ? '1 day' : `${formatCount(days)} days`;
}

export function formatSince(at: number, now: number): string {
  return now - at < 5000 ? 'just now' : `${formatSpan(now - at)} ago`;
}

/** The wall clock of the place where a photo was taken, as its camera showed it. */
export function formatCapture(at: number, offsetMinutes: number | null): string {
  return new Date(at + (offsetMinutes ?? 0) * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** `90`, `30m`, `2h`, `1d` in milliseconds; a number alone is minutes. undefined: not a span. */
export function parseSpan(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})\s*(s|m|min|h|d)?$/i.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
  return Number(amount) * (units[unit?.toLowerCase() ?? 'm'] ?? 60_000);
}
