import { join } from 'node:path';

/** Where `npm start` finds what it has built: the setting `EVERROLL_WEB` of who wants this app. */
export const builtWebApp = join(import.meta.dirname, '..', '..', '..', 'web', 'dist');
