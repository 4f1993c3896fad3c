import { memo, type ReactNode } from 'react';
import { cssMean } from '../device/catalogue/mean-colour.ts';
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
 * A row that passes too fast for anything to be made out: each photo is its mean colour, which the collection's
 * index tells of all, and takes none of what a photo at rest is made of. At rest it is a `GridRow`.
 */
export const FastRow = memo(function FastRow({ collection: { index: { colours } }, layout, row, top }: FastRowProps): ReactNode {
  const first = layout.rowFirst[row] ?? 0;
  const end = layout.rowFirst[row + 1] ?? first;
  const height = layout.rowHeight[row] ?? 0;
  return (
    <div role="row" aria-rowindex={row + 1} className="grid-row" style={{ transform: `translateY(${top}px)`, height }}>
      {Array.from({ length: end - first }, (_, at) => {
        const position = first + at;
        const colour = cssMean(colours[position]);
        return <div key={position} role="gridcell" className="fast-cell" data-position={position} style={{ insetInlineStart: layout.x[position] ?? 0, width: layout.width[position] ?? 0, height, ...(colour !== null && { backgroundColor: colour }) }} />;
      })}
    </div>
  );
});
