import { useCallback } from 'react';
import { DAY_MS } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import type { Photo } from './row-store.ts';

/** Days that a photo stays in Recently Deleted (PRODUCT 1.4). */
const KEPT_DAYS = 30;

/** @param trashedDay the day of the deletion, in days since 1970 */
export function daysLeft(trashedDay: number, nowMs: number): number {
  return Math.max(0, trashedDay + KEPT_DAYS - Math.floor(nowMs / DAY_MS));
}

/** What stands on each photo of Recently Deleted. @param dayOf the day of its deletion */
export function useDaysLeft(): (photo: Photo, day: number) => string {
  return useCallback((_photo: Photo, day: number) => strings.timeline.daysLeft(daysLeft(day, Date.now())), []);
}
