import { type Conditions, unknownConditions } from '@everroll/engine';

/** Network Information API (WICG): Chromium has it, others do not. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
  readonly saveData?: boolean;
}

const connection = (): NetworkInformation | undefined => (navigator as { readonly connection?: NetworkInformation }).connection;

/**
 * What a browser tells of its surroundings. Of the charger, the battery and heat a worker is told
 * nothing, and whether a connection is metered only by "save data" and "cellular".
 */
export function browserConditions(): Conditions {
  const network = connection();
  const kind = kindOf(network?.type);
  return {
    ...unknownConditions,
    online: isLoopback() || navigator.onLine,
    connection: kind,
    metered: kind === 'mobile' ? true : null,
    lowDataMode: network?.saveData ?? null,
  };
}

/** Calls back when the browser says that something of it changed. */
export function watchConditions(onChange: () => void): void {
  for (const event of ['online', 'offline'] as const) self.addEventListener(event, onChange);
  connection()?.addEventListener('change', onChange);
}

function kindOf(type: string | undefined): Conditions['connection'] {
  switch (type) {
    case 'cellular':
      return 'mobile';
    case 'ethernet':
      return 'wired';
    case 'wifi':
      return 'wifi';
    default:
      return null;
  }
}

/** A server on this very machine is reached without any network. */
const isLoopback = (): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(self.location.hostname);
