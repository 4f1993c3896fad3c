import type { App, Services } from '../context.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { registerDownload } from './download.ts';
import { registerKnown } from './known.ts';

export function registerResources(app: App, services: Services, desk: UploadDesk): void {
  registerKnown(app, desk);
  registerDownload(app, desk);
}
