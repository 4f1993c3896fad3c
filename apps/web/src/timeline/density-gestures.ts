import { type RefObject, useEffect } from 'react';

/** How far a wheel turns, and how far two fingers part, for one step. */
const WHEEL_PX = 60;
const PINCH = 1.35;

/** Two fingers, or the wheel with Ctrl (which is how a trackpad's pinch arrives), change the size of the pictures. */
export function useDensityGestures(element: RefObject<HTMLElement | null>, change: (by: 1 | -1) => void): void {
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    let turned = 0;
    let apart: number | null = null;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      turned += event.deltaY;
      if (Math.abs(turned) < WHEEL_PX) return;
      change(turned < 0 ? 1 : -1);
      turned = 0;
    };
    const distance = ({ touches: [a, b] }: TouchEvent): number | null => (a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : null);
    const onTouch = (event: TouchEvent): void => {
      const now = distance(event);
      if (now === null || apart === null) {
        apart = now;
        return;
      }
      event.preventDefault();
      if (now / apart < PINCH && apart / now < PINCH) return;
      change(now > apart ? 1 : -1);
      apart = now;
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    for (const type of ['touchstart', 'touchmove', 'touchend'] as const) target.addEventListener(type, onTouch, { passive: false });
    return () => {
      target.removeEventListener('wheel', onWheel);
      for (const type of ['touchstart', 'touchmove', 'touchend'] as const) target.removeEventListener(type, onTouch);
    };
  }, [element, change]);
}
