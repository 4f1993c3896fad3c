import { registerAccounts } from './accounts/account-routes.ts';
import { Attempts } from './accounts/attempts.ts';
import { authenticate } from './accounts/authenticate.ts';
import { registerDeviceLinks } from './accounts/device-link-routes.ts';
import { registerInvitations } from './accounts/invitation-routes.ts';
import { registerSession } from './accounts/session-routes.ts';
import { registerSetup } from './accounts/setup-routes.ts';
import type { App, Services } from './context.ts';
import { registerDevices } from './devices/routes.ts';
import { registerDoctor } from './doctor/routes.ts';
import { registerEvents } from './events/routes.ts';
import { registerHealth } from './health/health.ts';
import { createApp } from './http/app.ts';
import { limitBody } from './http/body-limit.ts';
import { registerOpenApi } from './http/openapi.ts';
import { errorHandler } from './http/problem.ts';
import { securityHeaders } from './http/security-headers.ts';
import { unmatched } from './http/unmatched.ts';
import { requireProtocol } from './http/versions.ts';
import { registerLog } from './log/routes.ts';
import { registerMutations } from './mutations/routes.ts';
import { registerPlans } from './plans/routes.ts';
import { RenditionDesk } from './renditions/desk.ts';
import { registerRenditions } from './renditions/routes.ts';
import { registerResources } from './resources/routes.ts';
import { registerScrub } from './scrub/routes.ts';
import { Scrubber } from './scrub/start.ts';
import { openUploadDesk, type UploadDesk } from './uploads/desk.ts';
import { registerUploads } from './uploads/routes.ts';
import { registerWeb } from './web/routes.ts';
import { registerWelcome } from './welcome/routes.ts';

/**
 * The server as a function from requests to responses: `app.request()` calls it without a socket.
 * It reads the world through `services` alone.
 */
export function createServer(services: Services): { readonly app: App; readonly uploads: UploadDesk; readonly renditions: RenditionDesk; readonly scrubber: Scrubber } {
  const uploads = openUploadDesk(services);
  const renditions = new RenditionDesk(services);
  const scrubber = new Scrubber(uploads);
  const app = createApp();
  app.onError(errorHandler(services.log));
  app.use(securityHeaders());
  app.use(limitBody());
  app.use('/api/v1/*', requireProtocol());
  app.use('/api/v1/*', authenticate(services));

  const attempts = new Attempts(services.clock);
  registerHealth(app, services);
  registerSetup(app, services, attempts);
  registerSession(app, services, attempts);
  registerAccounts(app, services);
  registerInvitations(app, services, attempts);
  registerDeviceLinks(app, services, attempts);
  registerDevices(app, services);
  registerLog(app, services);
  registerMutations(app, services);
  registerEvents(app, services);
  registerUploads(app, services, uploads);
  registerResources(app, services, uploads);
  registerRenditions(app, services, renditions);
  registerPlans(app, services);
  registerDoctor(app, services, uploads);
  registerScrub(app, uploads, scrubber);
  registerOpenApi(app);
  const { webFolder } = services.config;
  registerWelcome(app, services, attempts);
  if (webFolder !== undefined) registerWeb(app, webFolder, services.log);

  app.notFound(unmatched(app));
  return { app, uploads, renditions, scrubber };
}
