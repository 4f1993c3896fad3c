import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useState } from 'react';
import { formatMonth } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import type { TimelineColumns, TimelineLayout } from './layout.ts';
import { lastAtMost } from './positions.ts';
import './scrubber.css';
import { marksOf } from './scrubber-marks.ts';

export interface ScrubberProps {
  readonly columns: TimelineColumns;
  readonly layout: TimelineLayout;
  /** Where the window is, in the layout, and how high it is. */
  readonly top: number;
  readonly viewport: number;
  /** The timeline was moved just now. */
  readonly isActive: boolean;
  readonly onJump: (top: number) => void;
}

/** A rail with the years: a press or a drag jumps there. */
export function Scrubber({ columns, layout, top, viewport, isActive, onJump }: ScrubberProps): ReactNode {
  const [pointer, setPointer] = useState<number | null>(null);
  const [isDragging, setDragging] = useState(false);
  const railHeight = Math.max(1, viewport - 84);
  const marks = useMemo(() => marksOf(columns, layout, railHeight), [columns, layout, railHeight]);
  const reach = Math.max(1, layout.height - viewport + 84);
  const fraction = Math.min(1, Math.max(0, top / reach));
  const monthAt = (at: number): number => lastAtMost(marks.map((mark) => mark.top), marks.length, at);
  const labelAt = (at: number): string => formatMonth(marks[monthAt(at)]?.day ?? 0);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = marks[Math.min(marks.length - 1, Math.max(0, monthAt(top + 60) + step))];
    if (next) onJump(next.top - 48);
  };
  if (layout.height <= viewport * 1.5) return null;
  const shownAt = pointer ?? (isDragging ? fraction : null);
  return (
    <div
      className="scrubber"
      role="slider"
      tabIndex={0}
      aria-label={strings.timeline.scrubber}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(fraction * 100)}
      aria-valuetext={labelAt(top + 60)}
      {...(isActive && { 'data-active': '' })}
      {...(isDragging && { 'data-dragging': '' })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragging(true);
        onJump(along(event) * reach);
      }}
      onPointerMove={(event) => {
        setPointer(along(event));
        if (isDragging) onJump(along(event) * reach);
      }}
      onPointerUp={() => {
        setDragging(false);
        setPointer(null);
      }}
      onPointerCancel={() => setDragging(false)}
      onPointerLeave={() => setPointer(null)}
    >
      {marks.map((mark) => mark.year !== null && (
        <span key={mark.day} className="year" aria-hidden="true" style={{ top: `${(mark.top / layout.height) * 100}%` }}>
          {mark.year}
        </span>
      ))}
      <span className="thumb" style={{ top: `${fraction * 100}%` }} />
      {shownAt !== null && (
        <span className="bubble" aria-hidden="true" style={{ top: `${shownAt * 100}%` }}>
          {labelAt(shownAt * reach + 60)}
        </span>
      )}
    </div>
  );
}

/** How far down the rail a pointer is, 0 to 1. */
function along(event: PointerEvent<HTMLDivElement>): number {
  const box = event.currentTarget.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
}
