import { useEffect } from 'react';

/** Keeps the screen on while something moves: a page that sleeps sends nothing. A browser may refuse. */
export function useWakeLock(isMoving: boolean): void {
  useEffect(() => {
    if (!isMoving || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let isWanted = true;
    const take = (): void => {
      if (document.hidden || !isWanted) return;
      void navigator.wakeLock
        .request('screen')
        .then((taken) => {
          if (isWanted) lock = taken;
          else void taken.release();
        })
        .catch(() => undefined);
    };
    take();
    // The browser lets go of it whenever the page is hidden.
    document.addEventListener('visibilitychange', take);
    return () => {
      isWanted = false;
      document.removeEventListener('visibilitychange', take);
      void lock?.release();
    };
  }, [isMoving]);
}
