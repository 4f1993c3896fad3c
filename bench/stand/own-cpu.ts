/** Does `work` for each message of the bench, and answers what it found. */
export function onceAsked(work: () => Promise<number>): void {
  // Nobody is left to measure it.
  process.once('disconnect', () => process.exit());
  process.on('message', () => void work().then((cpuMs) => process.send?.({ cpuMs } satisfies Answer)));
  process.send?.({ ready: true });
}

export interface Answer {
  readonly cpuMs: number;
}

/** Milliseconds of user and system time of this process, all threads. */
export async function measured(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
