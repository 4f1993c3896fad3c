import type { AccountId, DeviceEvent, DeviceId, HeadEvent } from '@everroll/protocol';

/**
 * What a process tells the ones that wait. Only hints travel here: whoever misses one finds the
 * same by asking the database, so an implementation may drop events but never has to keep any.
 */
export type ServerEvent =
  | { readonly kind: 'head'; readonly head: HeadEvent }
  /** An account's plan may have room that it had not (rule Q5). */
  | { readonly kind: 'plan'; readonly accountId: AccountId }
  /** What is known of a device, or set for it, has changed. */
  | { readonly kind: 'device'; readonly accountId: AccountId; readonly event: DeviceEvent }
  /** Sessions ended: of one device, or of a whole account (it may only be disabled). */
  | { readonly kind: 'sessions_ended'; readonly accountId: AccountId; readonly deviceId: DeviceId | null }
  /** Another process that shares the database has written: whoever waits looks at it. */
  | { readonly kind: 'elsewhere' }
  /** The process ends: whoever holds a connection open lets go of it. */
  | { readonly kind: 'closing' };

/** Within one process; see other-processes.ts for those that share a database. */
export interface Events {
  publish(event: ServerEvent): void;
  /** Returns the function that ends the subscription. A listener must return at once and not throw. */
  subscribe(listener: (event: ServerEvent) => void): () => void;
}

export function inProcessEvents(): Events {
  const listeners = new Set<(event: ServerEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
