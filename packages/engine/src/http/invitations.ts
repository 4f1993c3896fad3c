import type { Result } from '../ports/failure.ts';
import { type AcceptInvitation, Account, type AccountId, type InvitationId, Invitations, type Invitation, MadeInvitation, MadePasswordReset, type PasswordReset, type PlanName } from '@everroll/protocol';
import { askNothing } from './account.ts';
import type { Connection } from './connection.ts';
import { askFor } from './server-client.ts';

/** Without a plan: the free one. */
export function invite(connection: Connection, member: { readonly email: string; readonly plan?: PlanName }, signal: AbortSignal): Promise<Result<MadeInvitation>> {
  return askFor(connection, MadeInvitation, { method: 'POST', path: '/api/v1/invitations', json: member, signal });
}

export function askInvitations(connection: Connection, signal: AbortSignal): Promise<Result<{ readonly invitations: readonly Invitation[] }>> {
  return askFor(connection, Invitations, { method: 'GET', path: '/api/v1/invitations', signal });
}

export function withdrawInvitation(connection: Connection, id: InvitationId, signal: AbortSignal): Promise<Result<void>> {
  return askNothing(connection, `/api/v1/invitations/${id}`, 'DELETE', undefined, signal);
}

export function acceptInvitation(connection: Connection, accepted: AcceptInvitation, signal: AbortSignal): Promise<Result<Account>> {
  return askFor(connection, Account, { method: 'POST', path: '/api/v1/invitations/accept', json: accepted, signal });
}

export function makePasswordReset(connection: Connection, id: AccountId, signal: AbortSignal): Promise<Result<MadePasswordReset>> {
  return askFor(connection, MadePasswordReset, { method: 'POST', path: `/api/v1/accounts/${id}/password-reset`, signal });
}

export function resetPassword(connection: Connection, reset: PasswordReset, signal: AbortSignal): Promise<Result<void>> {
  return askNothing(connection, '/api/v1/password-reset', 'POST', reset, signal);
}
