import watcher, { type AsyncSubscription } from '@parcel/watcher';

export interface Watching {
  stop(): Promise<void>;
}

export interface WatcherOptions {
  /** A burst of changes (a card being copied) is one call, this long after it began to pause. */
  readonly quietMs?: number;
  /** A burst without a pause is told about this often all the same. */
  readonly patienceMs?: number;
  /** Watching is a hint, the listing is the truth: what a system did not tell is found by then. */
  readonly rescanMs?: number;
}

const DEFAULTS = { quietMs: 300, patienceMs: 3_000, rescanMs: 10 * 60_000 } as const;

/** Everroll's own writing in a library folder is no news. */
const IGNORED = ['**/.everroll/**'];

/**
 * Calls `onChange` when something below `folder` may have changed. Where the system cannot watch it
 * (no handles left, a network disk, an unmounted folder) only the periodic call remains, and each
 * of these tries again to watch.
 */
export function watchFolder(folder: string, onChange: () => void, options: WatcherOptions = {}): Watching {
  const { quietMs, patienceMs, rescanMs } = { ...DEFAULTS, ...options };
  let subscription: AsyncSubscription | undefined;
  let starting: Promise<void> | undefined;
  let stopped = false;
  let quiet: NodeJS.Timeout | undefined;
  let burstBegan = 0;

  const tell = (): void => {
    clearTimeout(quiet);
    quiet = undefined;
    onChange();
  };
  const noticed = (): void => {
    const now = performance.now();
    if (quiet === undefined) burstBegan = now;
    clearTimeout(quiet);
    quiet = setTimeout(tell, Math.max(0, Math.min(quietMs, burstBegan + patienceMs - now)));
  };
  const drop = async (): Promise<void> => {
    const ended = subscription;
    subscription = undefined;
    await ended?.unsubscribe().catch(() => undefined);
  };
  const start = async (): Promise<void> => {
    try {
      subscription = await watcher.subscribe(
        folder,
        (error) => {
          // Events were lost or the folder went away: look at everything, and watch anew.
          if (error !== null) void drop();
          noticed();
        },
        { ignore: IGNORED },
      );
      // What changed before it was watched is told by nobody.
      noticed();
    } catch {
      subscription = undefined;
    }
    if (stopped) {
      clearTimeout(quiet);
      await drop();
    }
  };
  const ensure = (): void => {
    if (subscription === undefined && !stopped) starting = (starting ?? Promise.resolve()).then(start);
  };

  ensure();
  const rescan = setInterval(() => {
    ensure();
    onChange();
  }, rescanMs);

  return {
    async stop() {
      stopped = true;
      clearInterval(rescan);
      clearTimeout(quiet);
      await starting;
      await drop();
    },
  };
}
