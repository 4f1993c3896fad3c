import { Check } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { formatDay, formatLongDay, formatNarrowDay } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import type { Collection } from './collection.ts';
import { Cell } from './cell.tsx';
import type { TimelineLayout } from './layout.ts';
import { dayOf } from './positions.ts';
import type { Photo } from './row-store.ts';
import type { Selection } from './selection.ts';

/** Below this a day's label leaves the weekday out. */
const ROOM_FOR_WEEKDAY = 150;

export interface GridRowProps {
  readonly collection: Collection;
  readonly layout: TimelineLayout;
  readonly row: number;
  /** Where the row's pictures begin in the scrolled element. */
  readonly top: number;
  readonly labelHeight: number;
  readonly focusable: number | null;
  readonly isFast: boolean;
  readonly selection: Selection;
  readonly note: ((photo: Photo, day: number) => string) | null;
}

export const GridRow = memo(function GridRow({ collection, layout, row, top, labelHeight, focusable, isFast, selection, note }: GridRowProps): ReactNode {
  const first = layout.rowFirst[row] ?? 0;
  const end = layout.rowFirst[row + 1] ?? first;
  const height = layout.rowHeight[row] ?? 0;
  const days = labelHeight > 0 ? daysThatBegin(layout, first, end) : [];
  return (
    <div role="row" aria-rowindex={row + 1} className="grid-row" style={{ transform: `translateY(${top}px)`, height }}>
      {days.map((day) => (
        <DayLabel key={day} day={collection.index.days[layout.dayFirst[day] ?? 0] ?? 0} first={layout.dayFirst[day] ?? 0} x={layout.dayX[day] ?? 0} width={layout.dayWidth[day] ?? 0} height={labelHeight} />
      ))}
      {Array.from({ length: end - first }, (_, index) => {
        const position = first + index;
        return (
          <Cell
            key={position}
            rows={collection.rows}
            position={position}
            column={index + 1}
            x={layout.x[position] ?? 0}
            width={layout.width[position] ?? 0}
            height={height}
            isFocusable={focusable === position}
            isFast={isFast}
            selection={selection}
            note={note}
            day={collection.index.days[position] ?? 0}
            colour={collection.index.colours[position] ?? 0}
          />
        );
      })}
    </div>
  );
});

interface DayLabelProps {
  readonly day: number;
  readonly first: number;
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

function DayLabel({ day, first, x, width, height }: DayLabelProps): ReactNode {
  return (
    <div role="rowheader" className="day" style={{ insetInlineStart: x, maxWidth: width, height, top: -height }}>
      <span>{width < ROOM_FOR_WEEKDAY ? formatNarrowDay(day) : formatDay(day)}</span>
      <button type="button" tabIndex={-1} data-day={first} aria-label={strings.timeline.selectDay(formatLongDay(day))}>
        <Check aria-hidden="true" />
      </button>
    </div>
  );
}

function daysThatBegin(layout: TimelineLayout, first: number, end: number): readonly number[] {
  const days: number[] = [];
  for (let day = dayOf(layout, first); day < layout.days && (layout.dayFirst[day] ?? 0) < end; day += 1) if ((layout.dayFirst[day] ?? 0) >= first) days.push(day);
  return days;
}
