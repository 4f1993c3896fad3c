import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Read, Reading } from './reading.ts';

/** A command waits so long for the first reading, and goes on without it: unknown is an answer too. */
const FIRST_WITHIN_MS = 1000;
/** Addresses are looked at so often: a change of network is a reason to read at once. */
const ADDRESSES_EVERY_MS = 1000;

/** The newest reading of this device's surroundings; synchronous, as the engine asks for it at each step. */
export interface ConditionsWatch {
  latest(): Reading;
  /** Resolves when a reading was made, after a second at most. */
  first(): Promise<void>;
  /** Reads again and again until the signal ends it; calls back when something changed. */
  watch(onChange: () => void, signal: AbortSignal): Promise<void>;
}

export function watchConditions({ read, everyMs }: { readonly read: Read; readonly everyMs: number }, addresses: () => string = addressesNow): ConditionsWatch {
  let latest: Reading = {};
  /** One reading at a time; who asks meanwhile waits for the same. */
  let underWay: Promise<void> | undefined;
  let isRead = false;

  const readOnce = (): Promise<void> => {
    underWay ??= read().then((reading) => {
      latest = reading;
      isRead = true;
      underWay = undefined;
    });
    return underWay;
  };

  return {
    latest: () => latest,
    async first() {
      if (isRead) return;
      const over = new AbortController();
      await Promise.race([readOnce(), delay(FIRST_WITHIN_MS, undefined, { signal: over.signal, ref: false }).catch(() => undefined)]);
      over.abort();
    },
    async watch(onChange, signal) {
      while (!signal.aborted) {
        const before = JSON.stringify(latest);
        const seen = addresses();
        await readOnce();
        if (JSON.stringify(latest) !== before && !signal.aborted) onChange();
        for (let waited = 0; waited < everyMs && addresses() === seen && !signal.aborted; waited += ADDRESSES_EVERY_MS) {
          await delay(Math.min(ADDRESSES_EVERY_MS, everyMs), undefined, { signal }).catch(() => undefined);
        }
      }
    },
  };
}

function addressesNow(): string {
  return JSON.stringify(networkInterfaces(), (key, value: unknown) => (key === 'scopeid' ? undefined : value));
}
