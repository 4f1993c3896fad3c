import type { LatLon } from '../map/camera.ts';

export const coordinatesText = ({ latitude, longitude }: LatLon): string => `${Number(latitude.toFixed(6))}, ${Number(longitude.toFixed(6))}`;

/** Degrees, minutes and seconds where they are written, and the side of the world. */
const PART = /([+-]?\d+(?:\.\d+)?)\s*°?\s*(?:(\d+(?:\.\d+)?)\s*['′]\s*)?(?:(\d+(?:\.\d+)?)\s*["″]\s*)?([NSEW])?[\s,;]*/gi;

/**
 * `48.137, 11.575`, and as other maps write it: `48.137° N 11.575° E`, `48°08'14.0"N 11°34'31.0"E`.
 * null: it is no place.
 */
export function coordinatesIn(text: string): LatLon | null {
  const written = text.trim().replaceAll('−', '-');
  const parts = [...written.matchAll(PART)];
  const [first, second, ...others] = parts;
  if (first === undefined || second === undefined || others.length > 0 || parts.map(([all]) => all).join('') !== written) return null;
  const [latitude, longitude] = [degrees(first), degrees(second)];
  const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return isPlace ? { latitude, longitude } : null;
}

function degrees([, whole = '', minutes = '0', seconds = '0', side = '']: RegExpExecArray): number {
  const value = Math.abs(Number(whole)) + Number(minutes) / 60 + Number(seconds) / 3600;
  return /[SW]/i.test(side) !== whole.startsWith('-') ? -value : value;
}
