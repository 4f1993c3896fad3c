import type { Watched } from '../contract/watched.ts';
import type { Asker } from '../rpc/asker.ts';
import type { WatchName, Watches } from '../rpc/surface.ts';

/** A watch that begins with its first listener and ends some time after its last, so that turning a page does not ask anew. */
const LINGER_MS = 5_000;

export function watchedValue<Name extends WatchName>(asker: Asker, name: Name, args: Watches[Name]['args']): Watched<Watches[Name]['value']> {
  return watched((tell) => asker.watch(name, args, tell));
}

/** @param begin tells each value; what it returns ends it. */
export function watched<T>(begin: (tell: (value: T) => void) => () => void): Watched<T> {
  const listeners = new Set<() => void>();
  let value: T | undefined;
  let end: (() => void) | undefined;
  let ending: ReturnType<typeof setTimeout> | undefined;
  return {
    get: () => value,
    subscribe(listener) {
      clearTimeout(ending);
      listeners.add(listener);
      end ??= begin((told) => {
        value = told;
        for (const each of listeners) each();
      });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        ending = setTimeout(() => {
          end?.();
          end = undefined;
        }, LINGER_MS);
      };
    },
  };
}
