import { type Kept, keptPicture, pictureOf } from './pictures.ts';
import type { ExtendableEvent, FetchEvent, ServiceWorkerScope } from './scope.ts';
import { isShellFile, keepShell, removeOldShells, shellFile } from './shell.ts';

/**
 * Opens the app and shows the pictures of the timeline without a network. It answers from what it
 * keeps where the address names the content, and stays out of everything else.
 */
const scope = self as unknown as ServiceWorkerScope;

scope.addEventListener('install', (event: ExtendableEvent) => {
  event.waitUntil(keepShell().then(() => scope.skipWaiting()));
});

scope.addEventListener('activate', (event: ExtendableEvent) => {
  event.waitUntil(removeOldShells().then(() => scope.clients.claim()));
});

scope.addEventListener('fetch', (event: FetchEvent) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  if (url.origin !== scope.location.origin) return;
  const picture: Kept | undefined = pictureOf(url);
  // A part of a file is the network's.
  if (picture !== undefined && !request.headers.has('range')) event.respondWith(keptPicture(picture, request));
  else if (request.mode === 'navigate' && !url.pathname.startsWith('/api/')) event.respondWith(shellFile('/', request));
  else if (isShellFile(url.pathname)) event.respondWith(shellFile(url.pathname, request));
});
