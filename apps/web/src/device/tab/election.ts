import { randomId } from '../leader/random.ts';
import { type Lead, LEADER } from './lead.ts';

const tabLock = (tab: string): string => `everroll-tab-${tab}`;

/** How a worker is to others of this origin: one leads, and everybody knows when another one ends. */
export interface Election {
  readonly tab: string;
  /** Runs `lead` when it is this tab's turn; it leads until that promise resolves, and is in line again then. */
  run(lead: () => Promise<void>): Promise<never>;
  /** Calls back when that tab has ended. */
  onEnd(tab: string, ended: () => void): void;
}

/**
 * @param held what `takeLead` gave: whoever has it leads at once.
 *
 * By Web Locks: the browser releases the locks of a tab that ends in any way. Where there are none
 * (a server that is reached without TLS), each tab leads itself, in memory.
 */
export async function joinElection(held: Lead | null): Promise<Election> {
  const tab = randomId();
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) {
    return {
      tab,
      async run(lead) {
        for (;;) await lead();
      },
      onEnd: () => undefined,
    };
  }
  await new Promise<void>((resolve) => {
    void locks.request(tabLock(tab), () => {
      resolve();
      // Held as long as this tab is there.
      return new Promise<never>(() => undefined);
    });
  });
  return {
    tab,
    async run(lead) {
      if (held !== null) {
        await lead();
        held.letGo();
      }
      for (;;) await locks.request(LEADER, lead);
    },
    onEnd: (other, ended) => void locks.request(tabLock(other), ended),
  };
}
