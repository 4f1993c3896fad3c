/** The lock of the tab that leads. */
export const LEADER = 'everroll-device';

/** Whether some tab of this browser leads now, as far as the browser tells. */
export async function isLed(): Promise<boolean> {
  const locks = navigator.locks as LockManager | undefined;
  return (await locks?.query())?.held?.some(({ name }) => name === LEADER) ?? false;
}
