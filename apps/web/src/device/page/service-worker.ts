/** What it keeps is all of the app, which the first photos on screen need not share the way with. */
const LATER_MS = 8_000;

/** Keeps the app and the pictures of the timeline in this browser, where it allows that (a page that came by TLS, or from this very machine). */
export function keepShellForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  setTimeout(() => void navigator.serviceWorker.register('/service-worker.js').catch(() => undefined), navigator.serviceWorker.controller === null ? LATER_MS : 0);
}
