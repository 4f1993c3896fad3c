import type { Asset } from '@everroll/protocol';
import { describe, type Described } from './describe.ts';

/**
 * The whole check of a row takes longer than all else that showing it does, and is made when it is stored. Here
 * it is enough that what is shown has an id and a place in the order.
 */
export function describeUnchecked(entry: unknown): Described | null {
  const { kind, row } = entry as { readonly kind?: unknown; readonly row?: unknown };
  if (kind !== 'asset') return null;
  try {
    const described = describe(row as Asset, false);
    return described !== null && isHash(described.id, 32) && isHash(described.shown, 64) && Number.isFinite(described.localTime) && Number.isFinite(described.orderedBy) ? described : null;
  } catch {
    // It lacks what every asset has.
    return null;
  }
}

const isHash = (text: string, digits: number): boolean => text.length === digits && /^[0-9a-f]+$/.test(text);
