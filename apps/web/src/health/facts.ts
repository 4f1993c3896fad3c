import type { CheckEvidence } from '@everroll/protocol';
import { formatBytes, formatNumber } from '../strings/format.ts';

/** `usedBytes` reads as `used`, `daysToExpiry` as `days to expiry`. */
function nameOf(key: string): string {
  return key
    .replace(/(Bytes|Ms)$/, '')
    .replaceAll(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase()
    .trim();
}

function valueOf(key: string, value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return key.endsWith('Bytes') ? formatBytes(value) : key.endsWith('Ms') ? `${formatNumber(Math.round(value))} ms` : formatNumber(value);
  if (typeof value === 'object') return Object.entries(value).map(([inner, each]) => `${nameOf(inner)} ${valueOf(inner, each)}`).join(', ');
  return typeof value === 'string' ? value : '';
}

/** What a check measured, as rows to read. Lists of measurements become one row each. */
export function factsOf({ facts, private: names }: CheckEvidence): readonly (readonly [name: string, value: string])[] {
  const measured = Object.entries(facts).flatMap(([key, value]) =>
    Array.isArray(value) ? value.map((each, index): readonly [string, string] => [`${nameOf(key)} ${index + 1}`, valueOf(key, each)]) : [[nameOf(key), valueOf(key, value)] as const],
  );
  return [...measured, ...Object.entries(names).map(([key, value]): readonly [string, string] => [nameOf(key), value])];
}
