import { type Result, done } from '@everroll/engine';
import { askFor, type Connection } from '@everroll/engine/http';
import { type DeviceIntroduction, Invitation, type InvitationRequest, SignedIn } from '@everroll/protocol';

/** Codes that open the library to another device, or the server to another person. */

/** @param page that takes the code. */
export async function invite(connection: Connection, server: string, page: 'join' | 'invitation', request: InvitationRequest, signal: AbortSignal): Promise<Result<{ readonly url: string; readonly expiresAt: number }>> {
  const made = await askFor(connection, Invitation, { method: 'POST', path: '/api/v1/invitations', json: request, signal });
  return made.ok ? done({ url: `${server}/${page}/${made.value.code}`, expiresAt: made.value.expiresAt }) : made;
}

export function joinBy(connection: Connection, code: string, device: DeviceIntroduction, signal: AbortSignal): Promise<Result<SignedIn>> {
  return askFor(connection, SignedIn, { method: 'POST', path: '/api/v1/invitations/join', json: { code, device }, signal });
}

export function acceptBy(connection: Connection, code: string, who: { readonly email: string; readonly name: string; readonly password: string }, device: DeviceIntroduction, signal: AbortSignal): Promise<Result<SignedIn>> {
  return askFor(connection, SignedIn, { method: 'POST', path: '/api/v1/invitations/accept', json: { code, ...who, device }, signal });
}
