import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { TimelineLayout } from './layout.ts';
import { rowOf, rowsBetween } from './positions.ts';
import { type Extent, placeAt, type ScrollPlace, scrolledHeight, scrolledTo } from './scroll-space.ts';

/** Rows are drawn this far beyond the window, in windows, so that a scroll finds them there. */
const BEYOND = 0.75;
/** While it moves fast, rows are light and replaced with each frame. */
const BEYOND_FAST = 0.15;
/** What is seen first is drawn alone; what lies beyond it so much later, when its pictures have been asked for. */
const ALONE_MS = 250;
/** Windows per second above which pictures would come too late to be seen. */
const FAST = 7;
/**
 * Where frames come late the same wheel moves less in a second, and pictures would make them later still: there it counts
 * how far so many frames in a row move, as at 60 a second, if none takes longer than `LATE_MS` (a wheel that moves by notches does).
 */
const FAR_FRAMES = 3;
const LATE_MS = 50;
/** Without a move for so long it stands still, */
const STILL_MS = 140;

/**
 * and if none comes with the next two frames: where frames take longer than that, each would be taken for the
 * last, and what comes at rest would make them longer still.
 * @returns cancels it
 */
export function whenStill(then: () => void): () => void {
  let frame: number | undefined;
  const timer = setTimeout(() => {
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(then);
    });
  }, STILL_MS);
  return () => {
    clearTimeout(timer);
    if (frame !== undefined) cancelAnimationFrame(frame);
  };
}

export interface Shown {
  readonly first: number;
  readonly end: number;
  /** From a place in the timeline to one in the scrolled element. */
  readonly offset: number;
}

export interface TimelineWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly shown: Shown;
  readonly isFast: boolean;
  /** Of the element in which rows stand. */
  readonly canvasHeight: number;
  /** Where the upper edge of what is not covered is, in the layout. */
  readonly top: () => number;
  readonly scrollTo: (top: number) => void;
  /** As `scrollTo`, for an event: what comes into sight is drawn before the browser shows the frame. */
  readonly jump: (top: number) => void;
  readonly reveal: (photo: number) => void;
}

/** What is above and below the canvas within the scrolled element, in pixels. */
export interface Insets {
  readonly above: number;
  readonly below: number;
  readonly viewport: number;
}

export interface WindowOptions {
  readonly layout: TimelineLayout;
  readonly insets: Insets;
  /** A photo that the window holds on to when the layout changes; null: the beginning. */
  readonly anchor: number | null;
  /** @param isFast its rows need not be read: they pass before they would come. */
  readonly onMove: (top: number, isFast: boolean) => void;
}

export function useTimelineWindow({ layout, insets, anchor, onMove }: WindowOptions): TimelineWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const place = useRef<ScrollPlace>({ top: 0, offset: 0 });
  const last = useRef({ at: 0, top: 0 });
  const [shown, setShown] = useState<Shown>({ first: 0, end: 0, offset: 0 });
  const [isFast, setFast] = useState(false);
  const fast = useRef(false);
  const farFrames = useRef(0);
  const extent: Extent = { height: layout.height + insets.above + insets.below, viewport: insets.viewport };
  const { height, viewport } = extent;

  const alone = useRef(true);
  const drawn = useRef(shown);
  useLayoutEffect(() => {
    drawn.current = shown;
  }, [shown]);

  const look = useCallback(() => {
    const { top, offset } = place.current;
    const beyond = alone.current ? 0 : fast.current ? BEYOND_FAST : BEYOND;
    const [first, end] = rowsBetween(layout, top - viewport * beyond, top + viewport * (1 + beyond));
    setShown((before) => (before.first === first && before.end === end && before.offset === offset ? before : { first, end, offset }));
    setFast(fast.current);
    onMove(top, fast.current);
  }, [layout, viewport, onMove]);

  /**
   * For an event. What an event of moving asks for, React draws after the frame to which the event belongs; where
   * the move goes farther than rows are drawn, that frame would be empty. There it is drawn at once.
   */
  const lookAtOnce = useCallback(() => {
    const { top, offset } = place.current;
    const [first, end] = rowsBetween(layout, top, top + viewport);
    const isDrawn = offset === drawn.current.offset && first >= drawn.current.first && end <= drawn.current.end;
    if (isDrawn) look();
    else flushSync(look);
  }, [layout, viewport, look]);

  const isThere = layout.rows > 0;
  const newest = useRef(look);
  useEffect(() => {
    newest.current = look;
  }, [look]);
  useEffect(() => {
    if (!isThere) return;
    const timer = setTimeout(() => {
      alone.current = false;
      newest.current();
    }, ALONE_MS);
    return () => clearTimeout(timer);
  }, [isThere]);

  const moveTo = useCallback(
    (top: number) => {
      const to = placeAt({ height, viewport }, top);
      place.current = to.place;
      if (scroller.current) scroller.current.scrollTop = to.scrollTop;
    },
    [height, viewport],
  );
  const scrollTo = useCallback(
    (top: number) => {
      moveTo(top);
      look();
    },
    [moveTo, look],
  );
  const jump = useCallback(
    (top: number) => {
      moveTo(top);
      lookAtOnce();
    },
    [moveTo, lookAtOnce],
  );

  // A photo that was in sight stays where it was when the rows around it are laid out anew.
  const held = useRef({ layout, anchor });
  useLayoutEffect(() => {
    const before = held.current;
    held.current = { layout, anchor };
    if (before.layout === layout) return look();
    if (anchor === null) return scrollTo(Math.min(place.current.top, layout.height));
    const now = layout.rowTop[rowOf(layout, anchor)] ?? 0;
    scrollTo(now - viewport / 3);
  }, [layout, anchor, look, scrollTo, viewport]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let cancel = (): void => undefined;
    const rest = (): void => {
      if (fast.current) {
        fast.current = false;
        look();
      }
      last.current = { at: 0, top: place.current.top };
      // At rest the element goes to where its own extent is in proportion, so that neither end of it is met too soon.
      const to = placeAt({ height, viewport }, place.current.top);
      if (to.place.offset !== place.current.offset) {
        place.current = to.place;
        element.scrollTop = to.scrollTop;
        look();
      }
    };
    const onScroll = (): void => {
      place.current = scrolledTo({ height, viewport }, place.current, element.scrollTop);
      const now = performance.now();
      const elapsed = now - last.current.at;
      const windows = last.current.at > 0 ? Math.abs(place.current.top - last.current.top) / viewport : 0;
      farFrames.current = elapsed < LATE_MS && windows > FAST / 60 ? farFrames.current + 1 : 0;
      if (elapsed > 0 && (windows / (elapsed / 1000) > FAST || farFrames.current >= FAR_FRAMES)) fast.current = true;
      last.current = { at: now, top: place.current.top };
      lookAtOnce();
      cancel();
      cancel = whenStill(rest);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      cancel();
      element.removeEventListener('scroll', onScroll);
    };
  }, [height, viewport, look, lookAtOnce]);

  const reveal = useCallback(
    (photo: number) => {
      const row = rowOf(layout, photo);
      const rowTop = layout.rowTop[row] ?? 0;
      const rowEnd = rowTop + (layout.rowHeight[row] ?? 0);
      const seen = viewport - insets.above - insets.below;
      if (rowTop < place.current.top + 40) scrollTo(rowTop - 48);
      else if (rowEnd > place.current.top + seen) scrollTo(rowEnd - seen + 16);
    },
    [layout, viewport, insets, scrollTo],
  );

  return { scroller, shown, isFast, canvasHeight: scrolledHeight(extent) - insets.above - insets.below, top: useCallback(() => place.current.top, []), scrollTo, jump, reveal };
}
