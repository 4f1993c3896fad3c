import { type DragEvent, type KeyboardEvent, type MouseEvent, type PointerEvent, useRef } from 'react';
import { useDevice } from '../app/device-context.tsx';
import type { Collection } from './collection.ts';
import { startPhotoDrag } from './dragged-photos.ts';
import type { TimelineLayout } from './layout.ts';
import { dayOf } from './positions.ts';
import type { Photo } from './row-store.ts';
import type { Selection } from './selection.ts';

/** A finger that stays as long as this picks. */
const LONG_PRESS_MS = 450;
const STILL_PX = 8;

export interface PickingOptions {
  readonly collection: Collection;
  readonly layout: TimelineLayout;
  readonly selection: Selection;
  readonly onOpen: (photo: Photo) => void;
  readonly onFocus: (position: number) => void;
}

export interface Picking {
  readonly handlers: {
    readonly onClick: (event: MouseEvent) => void;
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
    readonly onDragStart: (event: DragEvent) => void;
  };
  /** Enter opens, space picks, Ctrl+A picks all, Escape picks none. @returns whether it was such a key */
  readonly byKey: (event: KeyboardEvent, position: number) => boolean;
  /** Shift and a key of movement. */
  readonly extend: (from: number, to: number) => void;
}

/** How photos are opened and picked: by mouse, finger and keyboard. */
export function usePicking({ collection, layout, selection, onOpen, onFocus }: PickingOptions): Picking {
  const { collections } = useDevice();
  const press = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly x: number; readonly y: number } | null>(null);
  const wasLong = useRef(false);
  const { rows, scope, index } = collection;

  const range = (from: number, to: number): void => {
    const [first, last] = from < to ? [from, to] : [to, from];
    void collections.ids(scope, index.version, first, last - first + 1).then((ids) => ids && selection.set(ids, true));
  };
  const toggle = (position: number): void => {
    const photo = rows.photo(position);
    if (photo) selection.toggle(photo.id, position);
  };
  const pickDay = (first: number): void => {
    const end = layout.dayFirst[dayOf(layout, first) + 1] ?? first + 1;
    void collections.ids(scope, index.version, first, end - first).then((ids) => ids && selection.set(ids, !ids.every((id) => selection.has(id))));
  };
  const letGo = (): void => {
    if (press.current) clearTimeout(press.current.timer);
    press.current = null;
  };

  const onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const day = target.closest<HTMLElement>('[data-day]');
    if (day) return pickDay(Number(day.dataset['day']));
    const position = positionOf(target);
    // The click that ends a long press has been answered by it.
    if (position === null || wasLong.current) return;
    onFocus(position);
    const photo = rows.photo(position);
    if (event.shiftKey && selection.anchor !== null) range(selection.anchor, position);
    else if (event.metaKey || event.ctrlKey || selection.isOpen || target.closest('.pick')) toggle(position);
    else if (photo) onOpen(photo);
  };

  const byKey = (event: KeyboardEvent, position: number): boolean => {
    const photo = rows.photo(position);
    if (event.key === 'Enter' && photo) onOpen(photo);
    else if (event.key === ' ') toggle(position);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) range(0, index.count - 1);
    else if (event.key === 'Escape' && selection.isOpen) selection.clear();
    else return false;
    return true;
  };

  return {
    byKey,
    extend: (from, to) => range(selection.anchor ?? (selection.anchor = from), to),
    handlers: {
      onClick,
      onPointerDown: (event) => {
        wasLong.current = false;
        const position = positionOf(event.target as Element);
        if (event.pointerType === 'mouse' || position === null) return;
        const timer = setTimeout(() => {
          wasLong.current = true;
          toggle(position);
          navigator.vibrate?.(10);
        }, LONG_PRESS_MS);
        press.current = { timer, x: event.clientX, y: event.clientY };
      },
      onPointerMove: (event) => {
        if (press.current && Math.hypot(event.clientX - press.current.x, event.clientY - press.current.y) > STILL_PX) letGo();
      },
      onPointerUp: letGo,
      onPointerCancel: letGo,
      onDragStart: (event) => {
        const position = positionOf(event.target as Element);
        const photo = position === null ? undefined : rows.photo(position);
        if (photo) startPhotoDrag(event.dataTransfer, selection.has(photo.id) ? selection.ids : [photo.id]);
      },
    },
  };
}

function positionOf(target: Element): number | null {
  const position = target.closest<HTMLElement>('[data-position]')?.dataset['position'];
  return position === undefined ? null : Number(position);
}
