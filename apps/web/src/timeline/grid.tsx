import { type ReactNode, type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useIsNarrow } from '../app/media-query.ts';
import { formatDay } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import type { Collection, OnScreen } from './collection.ts';
import { type Density, measureOf } from './density.ts';
import { useDensityGestures } from './density-gestures.ts';
import './grid.css';
import { FastRow } from './fast-row.tsx';
import { photoByKey } from './grid-keys.ts';
import { GridRow } from './grid-row.tsx';
import { layOut } from './layout.ts';
import { dayOf, rowOf, rowsBetween } from './positions.ts';
import type { Photo } from './row-store.ts';
import { Scrubber } from './scrubber.tsx';
import { type Selection, useSelection } from './selection.ts';
import { usePicking } from './picking.ts';
import { type Insets, useTimelineWindow, whenStill } from './window.ts';

/** The rail and the date are shown for as long after a move. */
const ACTIVE_MS = 1200;

export interface GridProps {
  readonly collection: Collection;
  readonly name: string;
  readonly byDay: boolean;
  readonly density: Density;
  readonly selection: Selection;
  readonly onScreen: RefObject<OnScreen>;
  readonly onOpen: (photo: Photo) => void;
  /** A key that the grid itself does not know, on what is picked or else on the photo that has the focus. */
  readonly onKey: (key: string, photo: Photo | undefined) => boolean;
  readonly note?: (photo: Photo, day: number) => string;
  /** Jump there once: a month that was chosen. */
  readonly startAtDay?: number | null;
}

export function Grid({ collection, name, byDay, density, selection, onScreen, onOpen, onKey, note, startAtDay = null }: GridProps): ReactNode {
  const { index, rows } = collection;
  const isNarrow = useIsNarrow();
  const { isOpen: isSelecting } = useSelection(selection);
  const [size, setSize] = useState<(Insets & { readonly width: number }) | null>(null);
  const outer = useRef<HTMLDivElement>(null);
  const chip = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(0);
  const [isActive, setActive] = useState(false);
  const [seenTop, setSeenTop] = useState(0);
  const wantsFocus = useRef(false);
  const measure = useMemo(() => (size === null ? null : measureOf(size.width, density.rowHeight, isNarrow, byDay)), [size, density.rowHeight, isNarrow, byDay]);
  const columns = useMemo(() => (byDay ? index : { ...index, days: new Int32Array(index.count) }), [index, byDay]);
  const layout = useMemo(() => layOut(measure === null ? { count: 0, days: columns.days, ratios: columns.ratios } : columns, measure ?? EMPTY), [columns, measure]);
  const insets = size ?? NO_INSETS;

  const idle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const seen = insets.viewport - insets.above - insets.below;
  const onMove = useCallback(
    (top: number, isFast: boolean) => {
      setSeenTop(top);
      const [first, end] = rowsBetween(layout, top, top + seen);
      const [from, to] = [layout.rowFirst[first] ?? 0, layout.rowFirst[end] ?? 0];
      onScreen.current = { photos: Math.max(60, to - from), anchor: top < 80 ? null : (rows.photo((from + to) >> 1)?.id ?? null) };
      middle.current = top < 80 ? null : (from + to) >> 1;
      if (chip.current && byDay && layout.days > 0) {
        chip.current.textContent = formatDay(columns.days[layout.dayFirst[dayOf(layout, from)] ?? 0] ?? 0);
        chip.current.toggleAttribute('data-shown', top > 60 && idle.current !== undefined);
      }
      if (!isFast) void rows.want(from - (to - from), to + (to - from));
    },
    [layout, seen, rows, columns, byDay, onScreen],
  );
  const middle = useRef<number | null>(null);
  const lastCollection = useRef(collection);
  const anchor = lastCollection.current === collection ? middle.current : collection.anchor;
  useEffect(() => {
    lastCollection.current = collection;
  }, [collection]);
  const view = useTimelineWindow({ layout, insets, anchor, onMove });
  const { scroller, scrollTo, jump, reveal } = view;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const read = (): void => {
      const style = getComputedStyle(element);
      const [above, below, start, end] = [style.paddingTop, style.paddingBottom, style.paddingInlineStart, style.paddingInlineEnd].map(Number.parseFloat);
      setSize({ above: above ?? 0, below: below ?? 0, viewport: element.clientHeight, width: Math.floor(element.clientWidth - (start ?? 0) - (end ?? 0)) });
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  useEffect(() => {
    const element = scroller.current;
    let cancel = (): void => undefined;
    const endMoving = (): void => document.documentElement.removeAttribute('data-moving');
    const moved = (): void => {
      setActive(true);
      document.documentElement.toggleAttribute('data-moving', true);
      cancel();
      cancel = whenStill(endMoving);
      clearTimeout(idle.current);
      idle.current = setTimeout(() => {
        idle.current = undefined;
        setActive(false);
        chip.current?.removeAttribute('data-shown');
      }, ACTIVE_MS);
    };
    element?.addEventListener('scroll', moved, { passive: true });
    return () => {
      element?.removeEventListener('scroll', moved);
      cancel();
      endMoving();
    };
  }, [scroller]);

  const started = useRef(false);
  useEffect(() => {
    if (started.current || startAtDay === null || layout.rows === 0) return;
    started.current = true;
    let photo = 0;
    while (photo < columns.count - 1 && (columns.days[photo] ?? 0) > startAtDay) photo += 1;
    scrollTo((layout.rowTop[rowOf(layout, photo)] ?? 0) - 48);
  }, [startAtDay, layout, columns, scrollTo]);

  const focusOn = useCallback(
    (position: number) => {
      wantsFocus.current = true;
      setFocused(position);
      reveal(position);
    },
    [reveal],
  );
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-position="${focused}"]`);
    if (cell) {
      wantsFocus.current = false;
      cell.focus({ preventScroll: true });
    }
  }, [focused, view.shown, scroller]);

  const picking = usePicking({ collection, layout, selection, onOpen, onFocus: setFocused });
  useDensityGestures(outer, density.change);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const row = layout.rowHeight[rowOf(layout, focused)] ?? 1;
    const to = photoByKey(layout, focused, event, index.count, Math.max(1, Math.floor(seen / row)), document.dir === 'rtl');
    const handled = to !== null ? (event.shiftKey && picking.extend(focused, to), focusOn(to), true) : picking.byKey(event, focused) || onKey(event.key, rows.photo(focused));
    if (handled) event.preventDefault();
  };

  const visible = Array.from({ length: view.shown.end - view.shown.first }, (_, at) => view.shown.first + at).filter((row) => row < layout.rows);
  const focusedRow = layout.rows > 0 ? rowOf(layout, Math.min(focused, index.count - 1)) : -1;
  // The photo that has the focus keeps it while it is scrolled out of sight.
  if (focusedRow >= 0 && !visible.includes(focusedRow)) visible.push(focusedRow);
  // What was seen at rest stays as it is until it is out of sight.
  const seenAtRest = useRef<ReadonlySet<number>>(new Set());
  useEffect(() => {
    seenAtRest.current = new Set(view.isFast ? visible.filter((row) => seenAtRest.current.has(row)) : visible);
  });
  return (
    <div ref={outer} className="timeline" {...(byDay && { 'data-rail': '' })} {...(isSelecting && { 'data-selecting': '' })}>
      <div ref={scroller} className="scroller">
        <div
          role="grid"
          aria-label={byDay ? strings.timeline.grid(name) : name}
          aria-rowcount={layout.rows}
          aria-multiselectable="true"
          className="canvas"
          style={{ height: view.canvasHeight }}
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            const position = (event.target as HTMLElement).dataset['position'];
            if (position !== undefined) setFocused(Number(position));
          }}
          {...picking.handlers}
        >
          {visible.map((row) => {
            const top = (layout.rowTop[row] ?? 0) - view.shown.offset;
            return view.isFast && row !== focusedRow && !seenAtRest.current.has(row) ? (
              <FastRow key={row} collection={collection} layout={layout} row={row} top={top} />
            ) : (
              <GridRow
                key={row}
                collection={collection}
                layout={layout}
                row={row}
                top={top}
                labelHeight={measure?.labelHeight ?? 0}
                focusable={row === focusedRow ? Math.min(focused, index.count - 1) : null}
                isFast={view.isFast}
                selection={selection}
                note={note ?? null}
              />
            );
          })}
        </div>
      </div>
      {byDay && <div ref={chip} className="date-chip" aria-hidden="true" />}
      {byDay && <Scrubber columns={columns} layout={layout} top={seenTop} viewport={insets.viewport} isActive={isActive} onJump={jump} />}
    </div>
  );
}

const NO_INSETS: Insets = { above: 0, below: 0, viewport: 0 };
const EMPTY = { width: 1, rowHeight: 1, gap: 0, labelHeight: 0, labelWidth: 0, dayGap: 0 };
