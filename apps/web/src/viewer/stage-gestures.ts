import { type RefObject, useEffect, useRef } from 'react';
import { prefersStillness } from '../app/media-query.ts';
import { bounded, fitted, type Size, type View, zoomAt } from './zoom.ts';

export interface StageActions {
  readonly previous: () => void;
  readonly next: () => void;
  readonly close: () => void;
  readonly toggleTools: () => void;
  /** The picture is shown so much larger than fitted. */
  readonly onScale: (scale: number) => void;
}

export interface Stage {
  readonly element: RefObject<HTMLDivElement | null>;
  /** The picture is put back to fit. */
  readonly reset: () => void;
  readonly zoom: (factor: number) => void;
}

const SWIPE_PX = 56;
const CLOSE_PX = 110;
const TAP_MS = 280;
const TAP_PX = 8;
const DOUBLE = 2.6;

interface Finger {
  readonly x: number;
  readonly y: number;
}

/**
 * Fingers, mouse and wheel on the stage: two fingers or the wheel enlarge, one moves what is enlarged,
 * else it swipes to a neighbour or down to close. What moves is moved by style alone, so that no
 * frame waits for a rendering.
 * @param shown of the picture as it is fitted; null: it cannot be enlarged (a video)
 */
export function useStageGestures(shown: () => Size | null, actions: StageActions): Stage {
  const element = useRef<HTMLDivElement>(null);
  const view = useRef<View>(fitted);
  const current = useRef({ shown, actions });
  useEffect(() => {
    current.current = { shown, actions };
  });
  const apply = useRef((to: View, isSmooth = false): void => {
    view.current = to;
    const picture = element.current?.querySelector<HTMLElement>('[data-current] .frame');
    if (!picture) return;
    picture.style.transition = isSmooth && !prefersStillness() ? 'transform 220ms cubic-bezier(0.2, 0, 0, 1)' : 'none';
    picture.style.transform = `translate(${to.x}px, ${to.y}px) scale(${to.scale})`;
    element.current?.toggleAttribute('data-zoomed', to.scale > 1);
    current.current.actions.onScale(to.scale);
  });
  const zoomBy = useRef((factor: number, x: number, y: number, isSmooth: boolean): void => {
    const box = element.current?.getBoundingClientRect();
    const size = current.current.shown();
    if (!box || !size) return;
    apply.current(zoomAt(view.current, factor, { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 }, size, box), isSmooth);
  });

  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const fingers = new Map<number, Finger>();
    let start: (Finger & { readonly at: number; readonly view: View }) | null = null;
    let apart = 0;
    let moved: 'nothing' | 'swipe' | 'close' | 'pan' | 'pinch' = 'nothing';
    let tapped: { readonly at: number; readonly timer: ReturnType<typeof setTimeout> } | null = null;
    const track = (): HTMLElement | null => target.querySelector<HTMLElement>('.track');
    const slide = (x: number, y: number, isSmooth: boolean): void => {
      const moving = track();
      if (!moving) return;
      moving.style.transition = isSmooth && !prefersStillness() ? 'transform 240ms cubic-bezier(0.2, 0, 0, 1)' : 'none';
      moving.style.transform = x === 0 && y === 0 ? '' : `translate(${x}px, ${y}px)`;
    };
    const middle = (): Finger & { readonly distance: number } => {
      const [a, b] = [...fingers.values()];
      const [one, two] = [a ?? { x: 0, y: 0 }, b ?? a ?? { x: 0, y: 0 }];
      return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2, distance: Math.hypot(one.x - two.x, one.y - two.y) };
    };

    const onDown = (event: PointerEvent): void => {
      if ((event.target as Element).closest('button, video, a') || (event.pointerType === 'mouse' && event.button !== 0)) return;
      target.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (fingers.size === 1) {
        start = { x: event.clientX, y: event.clientY, at: event.timeStamp, view: view.current };
        moved = 'nothing';
      } else {
        moved = 'pinch';
        apart = middle().distance;
        slide(0, 0, true);
      }
    };
    const onMove = (event: PointerEvent): void => {
      if (!fingers.has(event.pointerId) || start === null) return;
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
      if (moved === 'pinch' && fingers.size >= 2) {
        const now = middle();
        if (apart > 0) zoomBy.current(now.distance / apart, now.x, now.y, false);
        apart = now.distance;
        return;
      }
      if (moved === 'nothing' && Math.hypot(dx, dy) > TAP_PX) moved = view.current.scale > 1 ? 'pan' : Math.abs(dx) > Math.abs(dy) ? 'swipe' : dy > 0 ? 'close' : 'nothing';
      const size = current.current.shown();
      if (moved === 'pan' && size) apply.current(bounded({ ...start.view, x: start.view.x + dx, y: start.view.y + dy }, size, target.getBoundingClientRect()));
      if (moved === 'swipe') slide(dx, 0, false);
      if (moved === 'close') slide(0, dy, false);
    };
    const onUp = (event: PointerEvent): void => {
      if (!fingers.delete(event.pointerId) || start === null || fingers.size > 0) return;
      const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
      const { actions: act } = current.current;
      const forward = document.dir === 'rtl' ? act.previous : act.next;
      const backward = document.dir === 'rtl' ? act.next : act.previous;
      slide(0, 0, moved !== 'swipe' || Math.abs(dx) < SWIPE_PX);
      if (moved === 'swipe' && dx < -SWIPE_PX) forward();
      else if (moved === 'swipe' && dx > SWIPE_PX) backward();
      else if (moved === 'close' && dy > CLOSE_PX) act.close();
      else if (moved === 'nothing' && event.type === 'pointerup') tap(event);
      start = null;
    };
    const tap = (event: PointerEvent): void => {
      if (tapped && event.timeStamp - tapped.at < TAP_MS) {
        clearTimeout(tapped.timer);
        tapped = null;
        if (view.current.scale > 1) apply.current(fitted, true);
        else zoomBy.current(DOUBLE, event.clientX, event.clientY, true);
        return;
      }
      const timer = setTimeout(() => {
        if (event.pointerType !== 'mouse') current.current.actions.toggleTools();
        tapped = null;
      }, TAP_MS);
      tapped = { at: event.timeStamp, timer };
    };
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      zoomBy.current(Math.exp(-event.deltaY / (event.ctrlKey ? 120 : 400)), event.clientX, event.clientY, false);
    };
    target.addEventListener('pointerdown', onDown);
    target.addEventListener('pointermove', onMove);
    target.addEventListener('pointerup', onUp);
    target.addEventListener('pointercancel', onUp);
    target.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      if (tapped) clearTimeout(tapped.timer);
      target.removeEventListener('pointerdown', onDown);
      target.removeEventListener('pointermove', onMove);
      target.removeEventListener('pointerup', onUp);
      target.removeEventListener('pointercancel', onUp);
      target.removeEventListener('wheel', onWheel);
    };
  }, []);

  const stage = useRef<Stage>({
    element,
    reset: () => apply.current(fitted),
    zoom: (factor) => {
      const box = element.current?.getBoundingClientRect();
      if (box) zoomBy.current(factor, box.left + box.width / 2, box.top + box.height / 2, true);
    },
  });
  return stage.current;
}
