/** Keeps the app and the pictures of the timeline in this browser, where it allows that (a page that came by TLS, or from this very machine). */
export function keepShellForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
}
