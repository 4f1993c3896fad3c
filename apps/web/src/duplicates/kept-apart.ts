import type { AssetId } from '@everroll/protocol';

/** What a person said are no copies of each other, in this browser: groups by the ids of their photos. */
const KEY = 'everroll.not-duplicates';
const MOST = 1000;

export const keyOfGroup = (ids: readonly AssetId[]): string => ids.toSorted().map((id) => id.slice(0, 12)).join(' ');

export function keptApart(): ReadonlySet<string> {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? '[]') as string[]);
  } catch {
    return new Set();
  }
}

export function keepApart(key: string, apart: boolean): void {
  const others = [...keptApart()].filter((one) => one !== key);
  localStorage.setItem(KEY, JSON.stringify(apart ? [...others, key].slice(-MOST) : others));
}
