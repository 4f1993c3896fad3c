import type { Services } from '../context.ts';
import type { RenditionDesk } from './desk.ts';
import { RENEWED_EVERY_MS } from './leases.ts';
import { makeWithNewTools } from './new-tools.ts';
import { RenditionWork } from './work.ts';

/** A person who installs something for their videos looks again some time later. */
const TOOLS_EVERY_MS = 60 * 60 * 1000;

/** Other processes' work is seen by looking: what they left behind, and what they made. */
export function startRenditions(services: Services, desk: RenditionDesk): { stop(): Promise<void> } {
  const { renditions, events, timers } = services;
  if (!renditions) return { stop: () => Promise.resolve() };
  const work = new RenditionWork(services, renditions, desk);
  desk.onWanted = () => work.wake();
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === 'head') work.wake();
  });
  const cancel = timers.every(RENEWED_EVERY_MS, () => {
    void work.renew().catch((error: unknown) => services.log.error('renditions: leases could not be renewed', { error: String(error) }));
    work.wake();
  });
  const lookForTools = async (): Promise<void> => {
    try {
      const count = await makeWithNewTools({ ...services, renditions });
      if (count > 0) services.log.info('renditions: this machine can make more of some originals now', { count });
      if (count > 0) work.wake();
    } catch (error) {
      services.log.error('renditions: new tools could not be looked for', { error: String(error) });
    }
  };
  let looking = lookForTools();
  const cancelLooking = timers.every(TOOLS_EVERY_MS, () => {
    looking = looking.then(lookForTools);
  });
  work.wake();
  return {
    async stop() {
      unsubscribe();
      cancel();
      cancelLooking();
      desk.close();
      await work.stop();
      await looking;
    },
  };
}
