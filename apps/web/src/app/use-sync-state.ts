import { useDevice, useWatched } from './device-context.tsx';
import { type SyncState, syncState } from './sync-state.ts';

export function useSyncState(): SyncState {
  const device = useDevice();
  const session = useWatched(device.session.state);
  const surroundings = useWatched(device.session.surroundings);
  const status = useWatched(device.health.status);
  const uploads = useWatched(device.uploads.summary);
  const pending = useWatched(device.changes.pending);
  return syncState({ session, surroundings, status, uploads, pendingChanges: pending?.count ?? 0 });
}
