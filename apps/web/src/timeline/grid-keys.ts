import type { TimelineLayout } from './layout.ts';
import { photoAcross, rowOf } from './positions.ts';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Where a key leads from a photo; null: it is no key of movement. Left and right follow the direction of writing. */
export function photoByKey(layout: TimelineLayout, photo: number, { key, ctrlKey, metaKey }: KeyPress, photos: number, rowsAPage: number, isRightToLeft: boolean): number | null {
  const bounded = (to: number): number => Math.min(photos - 1, Math.max(0, to));
  const forward = isRightToLeft ? 'ArrowLeft' : 'ArrowRight';
  const backward = isRightToLeft ? 'ArrowRight' : 'ArrowLeft';
  const row = rowOf(layout, photo);
  switch (key) {
    case forward:
      return bounded(photo + 1);
    case backward:
      return bounded(photo - 1);
    case 'ArrowDown':
      return photoAcross(layout, photo, 1);
    case 'ArrowUp':
      return photoAcross(layout, photo, -1);
    case 'PageDown':
      return bounded(layout.rowFirst[Math.min(layout.rows - 1, row + rowsAPage)] ?? photo);
    case 'PageUp':
      return bounded(layout.rowFirst[Math.max(0, row - rowsAPage)] ?? photo);
    case 'Home':
      return ctrlKey || metaKey ? 0 : bounded(layout.rowFirst[row] ?? photo);
    case 'End':
      return ctrlKey || metaKey ? photos - 1 : bounded((layout.rowFirst[row + 1] ?? photo + 1) - 1);
    default:
      return null;
  }
}
