import type { Services } from '../context.ts';
import type { RenditionDesk } from './desk.ts';
import { RENEWED_EVERY_MS } from './leases.ts';
import { RenditionWork } from './work.ts';

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
  // What can be made of videos depends on the programs that are installed, which may be others now.
  const forgotten = services.db
    .deleteFrom('rendition')
    .where('task', '=', 'video_preview')
    .where('code', '=', 'unsupported_media')
    .execute()
    .catch((error: unknown) => services.log.error('renditions: earlier answers could not be forgotten', { error: String(error) }));
  work.wake();
  return {
    async stop() {
      unsubscribe();
      cancel();
      desk.close();
      await work.stop();
      await forgotten;
    },
  };
}
