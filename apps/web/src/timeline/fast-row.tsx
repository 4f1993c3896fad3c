import { memo, type ReactNode, useSyncExternalStore } from 'react';
import { thumbHashToAverageRGBA } from 'thumbhash';
import type { Collection } from './collection.ts';
import type { TimelineLayout } from './layout.ts';

export interface FastRowProps {
  readonly collection: Collection;
  readonly layout: TimelineLayout;
  readonly row: number;
  /** As of `GridRow`. */
  readonly top: number;
}

/**
 * A row that passes too fast for anything to be made out: each photo is its mean colour, which its
 * placeholder begins with, and takes none of what a photo at rest is made of. At rest it is a `GridRow`.
 */
export const FastRow = memo(function FastRow({ collection: { rows }, layout, row, top }: FastRowProps): ReactNode {
  useSyncExternalStore(rows.subscribe, rows.changes);
  const first = layout.rowFirst[row] ?? 0;
  const end = layout.rowFirst[row + 1] ?? first;
  const height = layout.rowHeight[row] ?? 0;
  return (
    <div role="row" aria-rowindex={row + 1} className="grid-row" style={{ transform: `translateY(${top}px)`, height }}>
      {Array.from({ length: end - first }, (_, index) => {
        const position = first + index;
        const colour = meanColour(rows.photo(position)?.thumbhash ?? null);
        return <div key={position} role="gridcell" className="fast-cell" data-position={position} style={{ insetInlineStart: layout.x[position] ?? 0, width: layout.width[position] ?? 0, height, ...(colour !== null && { backgroundColor: colour }) }} />;
      })}
    </div>
  );
});

/** null: the photo is not read yet, or nothing is known of its looks. */
function meanColour(thumbhash: Uint8Array | null): string | null {
  // The mean is in the first three bytes; five are the head of every thumbhash.
  if (thumbhash === null || thumbhash.length < 5) return null;
  const { r, g, b } = thumbHashToAverageRGBA(thumbhash);
  return `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`;
}
