/** The lock of the tab that leads. */
export const LEADER = 'everroll-device';

/** This tab leads until it lets go, or ends. */
export interface Lead {
  letGo(): void;
}

/** Takes the lead where no tab of this browser has it; null: another one leads, or the one that did is just ending. */
export function takeLead(): Promise<Lead | null> {
  const locks = navigator.locks as LockManager | undefined;
  // See `joinElection`: each tab leads itself.
  if (locks === undefined) return Promise.resolve({ letGo: () => undefined });
  return new Promise((taken) => {
    void locks.request(LEADER, { ifAvailable: true }, (lock) => {
      if (lock === null) return taken(null);
      return new Promise<void>((letGo) => {
        taken({ letGo });
      });
    });
  });
}
