import type { App, Services } from '../context.ts';
import { registerDownload } from './download.ts';
import { registerKnown } from './known.ts';

export function registerResources(app: App, services: Services): void {
  registerKnown(app, services);
  registerDownload(app, services);
}
