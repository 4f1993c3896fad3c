import type { Library } from '@everroll/protocol';
import type { Library as LibraryRow } from './authorize.ts';

/** A library as its devices see it. */
export function libraryOf({ id, name, epoch, head }: LibraryRow): Library {
  return { id, name, epoch, head };
}
