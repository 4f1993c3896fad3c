/**
 * A browser scrolls some 33 million pixels at most (Chromium; less elsewhere), and a library of a
 * million photos is higher. So the scrolled element is at most `MOST` high: by wheel and finger it
 * moves pixel by pixel, with an offset between where it is and where that is in the timeline; a jump
 * (of the scroll bar) goes to the same fraction of the timeline.
 */
const MOST = 12_000_000;

export interface Extent {
  /** Of the whole timeline. */
  readonly height: number;
  /** Of the window on it. */
  readonly viewport: number;
}

export interface ScrollPlace {
  /** Where the window's upper edge is in the timeline. */
  readonly top: number;
  /** Added to the scrolled element's own position, it gives `top`. */
  readonly offset: number;
}

export const scrolledHeight = ({ height }: Extent): number => Math.min(height, MOST);

const reach = (extent: Extent): number => Math.max(0, extent.height - extent.viewport);
const scrolledReach = (extent: Extent): number => Math.max(0, scrolledHeight(extent) - extent.viewport);

/** The element was scrolled to `scrollTop` from where `before` says. */
export function scrolledTo(extent: Extent, before: ScrollPlace, scrollTop: number): ScrollPlace {
  if (extent.height <= MOST) return { top: scrollTop, offset: 0 };
  const moved = Math.abs(scrollTop + before.offset - before.top);
  const atEdge = scrollTop <= 0 || scrollTop >= scrolledReach(extent) - 1;
  if (moved < extent.viewport * 3 && !atEdge) return { top: Math.min(reach(extent), Math.max(0, scrollTop + before.offset)), offset: before.offset };
  const top = (scrollTop / scrolledReach(extent)) * reach(extent);
  return { top, offset: top - scrollTop };
}

/** Where the element is to be scrolled so that the window's upper edge is at `top`. */
export function placeAt(extent: Extent, top: number): { readonly scrollTop: number; readonly place: ScrollPlace } {
  const bounded = Math.min(reach(extent), Math.max(0, top));
  if (extent.height <= MOST) return { scrollTop: bounded, place: { top: bounded, offset: 0 } };
  const scrollTop = Math.round((bounded / reach(extent)) * scrolledReach(extent));
  return { scrollTop, place: { top: bounded, offset: bounded - scrollTop } };
}
