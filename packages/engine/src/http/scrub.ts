import type { Result } from '../ports/failure.ts';
import { type ScrubRequest, ScrubStanding } from '@everroll/protocol';
import type { Connection } from './connection.ts';
import { askFor } from './server-client.ts';

/** How the originals of a server stand, for its owner. */
export function askScrubStanding(connection: Connection, signal: AbortSignal): Promise<Result<ScrubStanding>> {
  return askFor(connection, ScrubStanding, { method: 'GET', path: '/api/v1/scrub', signal });
}

/** Lets the server read every original again, now. */
export function askForScrub(connection: Connection, request: ScrubRequest, signal: AbortSignal): Promise<Result<ScrubStanding>> {
  return askFor(connection, ScrubStanding, { method: 'POST', path: '/api/v1/scrub', json: request, signal });
}
