import { generateKeyBetween } from 'fractional-indexing';

/**
 * Positions for `count` more assets of an album, after its last one. A module of its own, as a browser loads it behind
 * its first photos.
 * @param items of the album, in their order.
 */
export function positionsAfter(items: readonly { readonly position: string }[], count: number): string[] {
  let last = items.at(-1)?.position ?? null;
  return Array.from({ length: count }, () => {
    last = generateKeyBetween(last, null);
    return last;
  });
}

/** A position between two neighbours of an album; null is its beginning or end. */
export function positionBetween(before: string | null, after: string | null): string {
  return generateKeyBetween(before, after);
}
