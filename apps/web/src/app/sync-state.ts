import type { Status } from '@everroll/engine';
import type { SessionState, Surroundings, UploadSummary } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';

/** How this device stands with the server, in one word and one colour. What is not known is never green. */
export interface SyncState {
  readonly tone: 'good' | 'busy' | 'warn' | 'bad' | 'unknown';
  readonly text: string;
}

export interface SyncInputs {
  readonly session: SessionState | undefined;
  readonly surroundings: Surroundings | undefined;
  readonly status: Status | undefined;
  readonly uploads: UploadSummary | undefined;
  readonly pendingChanges: number;
}

/** The most serious thing first. */
export function syncState({ session, surroundings, status, uploads, pendingChanges }: SyncInputs): SyncState {
  const words = strings.health.states;
  if (session?.phase === 'signed_in' && session.halted !== null) return { tone: 'bad', text: words.halted };
  if (surroundings === undefined || status === undefined) return { tone: 'unknown', text: words.starting };
  const { failed, waiting, uploading } = status.items;
  const copying = uploads?.byState.copying ?? 0;
  // What was just given to this browser is on its way before the engine's next scan has made items of it.
  const given = Math.max(uploading + waiting, (uploads?.byState.uploading ?? 0) + (uploads?.byState.waiting ?? 0));
  if (failed > 0) return { tone: 'bad', text: words.failed(failed) };
  if (surroundings.online === false) return { tone: 'warn', text: words.offline };
  if (surroundings.fault !== null) return { tone: 'warn', text: words.unreachable };
  if (surroundings.firstSync !== null) return { tone: 'busy', text: words.reading };
  if (uploading + copying > 0 || given > waiting) return { tone: 'busy', text: words.sending(given + copying) };
  if (waiting > 0) return { tone: 'warn', text: words.waiting(waiting) };
  if (pendingChanges > 0) return { tone: 'busy', text: words.changes(pendingChanges) };
  if (!surroundings.persisted) return { tone: 'warn', text: words.notKept };
  return { tone: 'good', text: words.synced };
}
