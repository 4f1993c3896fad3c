import type { Capture } from '@everroll/protocol';

/** A capture as people set it: the clock of where it was taken, and that clock's offset where it is known. */
export interface WallTime {
  /** `2026-11-23` */
  readonly day: string;
  /** `14:02:31` or `14:02` */
  readonly time: string;
  readonly offsetMinutes: number | null;
}

export function wallTimeOf({ at, offsetMinutes }: Capture): WallTime {
  const text = new Date(at + (offsetMinutes ?? 0) * 60_000).toISOString();
  const [day = '', time = ''] = text.split('T');
  return { day, time: time.slice(0, 8), offsetMinutes };
}

/** null: that is no day, or no time. @param milliseconds below a second: kept of the photo, as nobody sets them */
export function captureOf({ day, time, offsetMinutes }: WallTime, milliseconds = 0): Capture | null {
  const wall = /^\d{4}-\d{2}-\d{2}$/.test(day) && /^\d{2}:\d{2}(?::\d{2})?$/.test(time) ? Date.parse(`${day}T${time}Z`) : Number.NaN;
  return Number.isNaN(wall) ? null : { at: wall + milliseconds - (offsetMinutes ?? 0) * 60_000, offsetMinutes };
}

/** By which a clock was wrong. */
export interface Shift {
  readonly isLater: boolean;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

export function shiftMs({ isLater, days, hours, minutes, seconds }: Shift): number {
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * (isLater ? 1000 : -1000);
}

/** All that clocks of the world show, in minutes (some are off by a quarter of an hour). */
export const OFFSETS: readonly number[] = [...Array.from({ length: 27 }, (_, at) => (at - 12) * 60), -570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765].toSorted((a, b) => a - b);
