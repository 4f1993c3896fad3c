import type { Failure, Result } from '@everroll/engine';

export type { Failure, Result };

/**
 * A value that changes. `get` gives the same object until it is another value, so that it can be
 * compared by identity. undefined: it has not come yet. The first listener begins the watch, the
 * last one that leaves ends it.
 */
export interface Watched<T> {
  get(): T | undefined;
  /** @returns ends the subscription. */
  subscribe(listener: () => void): () => void;
}
