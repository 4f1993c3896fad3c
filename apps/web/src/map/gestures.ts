import { type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import { prefersStillness } from '../app/media-query.ts';
import { between, type Camera, panned, type Point, type Size, zoomed } from './camera.ts';

/** A finger that moved no further has tapped. */
const TAP_PX = 6;
const DOUBLE_MS = 320;
const MOVE_MS = 320;
/** Of a wheel's step, 100 pixels in most browsers: a third of a zoom level. */
const WHEEL_ZOOM = 1 / 300;

export interface MapGestures {
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerCancel: (event: PointerEvent) => void;
    readonly onKeyDown: (event: React.KeyboardEvent) => void;
  };
  /** Moves there, or is there at once for who likes no motion. */
  readonly moveTo: (camera: Camera) => void;
  readonly zoomBy: (levels: number) => void;
}

/** Mouse, wheel, fingers and keys move the map. @param onTap where the map itself was tapped */
export function useMapGestures(element: RefObject<HTMLElement | null>, camera: Camera, size: Size, onCamera: (camera: Camera) => void, onTap?: (at: Point) => void): MapGestures {
  const now = useRef({ camera, size, onCamera });
  useEffect(() => {
    now.current = { camera, size, onCamera };
  });
  const pointers = useRef(new Map<number, Point>());
  const travelled = useRef(0);
  const lastTap = useRef(0);
  const moving = useRef(0);
  const set = (next: Camera): void => {
    now.current = { ...now.current, camera: next };
    now.current.onCamera(next);
  };
  const stop = (): void => cancelAnimationFrame(moving.current);
  const moveTo = (to: Camera): void => {
    stop();
    if (prefersStillness()) return set(to);
    const [from, began] = [now.current.camera, performance.now()];
    const step = (at: number): void => {
      const part = Math.min(1, (at - began) / MOVE_MS);
      set(part === 1 ? to : between(from, to, 1 - (1 - part) ** 3));
      if (part < 1) moving.current = requestAnimationFrame(step);
    };
    moving.current = requestAnimationFrame(step);
  };
  const zoomBy = (levels: number, at: Point = { x: size.width / 2, y: size.height / 2 }): void => moveTo(zoomed(now.current.camera, now.current.size, levels, at));
  useEffect(() => () => cancelAnimationFrame(moving.current), []);

  useEffect(() => {
    const target = element.current;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      stop();
      const box = target?.getBoundingClientRect();
      // A pinch on a trackpad comes as a wheel with the control key, in finer steps.
      const by = -event.deltaY * (event.deltaMode === 1 ? 16 : 1) * WHEEL_ZOOM * (event.ctrlKey ? 4 : 1);
      set(zoomed(now.current.camera, now.current.size, Math.max(-1, Math.min(1, by)), { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }));
    };
    // React's own listener is passive: the page would scroll.
    target?.addEventListener('wheel', onWheel, { passive: false });
    return () => target?.removeEventListener('wheel', onWheel);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what it uses is read from `now`
  }, [element]);

  const pointOf = (event: PointerEvent): Point => {
    const box = element.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };
  const release = (event: PointerEvent): void => void pointers.current.delete(event.pointerId);

  return {
    moveTo,
    zoomBy,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0 || (event.target as Element).closest('button, a, input') !== null) return;
        stop();
        if (pointers.current.size === 0) travelled.current = 0;
        pointers.current.set(event.pointerId, pointOf(event));
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove(event) {
        const before = pointers.current.get(event.pointerId);
        if (before === undefined) return;
        const at = pointOf(event);
        const [dx, dy] = [at.x - before.x, at.y - before.y];
        travelled.current += Math.abs(dx) + Math.abs(dy);
        const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
        pointers.current.set(event.pointerId, at);
        const { camera: from, size: within } = now.current;
        if (other === undefined) return set(panned(from, within, dx, dy));
        const [spread, spreadBefore] = [Math.hypot(at.x - other.x, at.y - other.y), Math.hypot(before.x - other.x, before.y - other.y)];
        const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
        set(zoomed(panned(from, within, dx / 2, dy / 2), within, Math.log2(spread / Math.max(1, spreadBefore)), middle));
      },
      onPointerUp(event) {
        const wasAlone = pointers.current.size === 1 && pointers.current.has(event.pointerId);
        release(event);
        if (!wasAlone || travelled.current > TAP_PX) return;
        const at = pointOf(event);
        if (event.timeStamp - lastTap.current < DOUBLE_MS) zoomBy(1, at);
        else onTap?.(at);
        lastTap.current = event.timeStamp;
      },
      onPointerCancel: release,
      onKeyDown(event) {
        const step = 80;
        const steps: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
        const by = steps[event.key];
        if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
        if (by) set(panned(now.current.camera, now.current.size, ...by));
        else if (event.key === '+' || event.key === '=') zoomBy(1);
        else if (event.key === '-') zoomBy(-1);
        else return;
        event.preventDefault();
      },
    },
  };
}
