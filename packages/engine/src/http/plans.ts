import { type AccountChange, type AccountId, FreeUpPage, type FreeUpSection, FreeUpSummary, type LibraryId, ManagedAccount, ManagedAccounts, type NewMember, Usage } from '@everroll/protocol';
import type { Result } from '../ports/failure.ts';
import type { Connection } from './connection.ts';
import { askFor } from './server-client.ts';

/** What a person asks of the storage plan, and the server's owner of its accounts. */

export function askUsage(connection: Connection, signal: AbortSignal): Promise<Result<Usage>> {
  return askFor(connection, Usage, { method: 'GET', path: '/api/v1/usage', signal });
}

export function askFreeUpSummary(connection: Connection, library: LibraryId, signal: AbortSignal): Promise<Result<FreeUpSummary>> {
  return askFor(connection, FreeUpSummary, { method: 'GET', path: `/api/v1/libraries/${library}/free-up-space`, signal });
}

/** @param page `next` of the page before; null for the first. */
export function askFreeUpPage(connection: Connection, library: LibraryId, asked: { readonly section: FreeUpSection; readonly page: string | null; readonly limit: number }, signal: AbortSignal): Promise<Result<FreeUpPage>> {
  const page = asked.page === null ? '' : `&page=${encodeURIComponent(asked.page)}`;
  return askFor(connection, FreeUpPage, { method: 'GET', path: `/api/v1/libraries/${library}/free-up-space/items?section=${asked.section}&limit=${asked.limit}${page}`, signal });
}

export function askAccounts(connection: Connection, signal: AbortSignal): Promise<Result<{ readonly accounts: readonly ManagedAccount[] }>> {
  return askFor(connection, ManagedAccounts, { method: 'GET', path: '/api/v1/accounts', signal });
}

/** Without a plan: the free one. */
type NewAccount = Omit<NewMember, 'plan'> & Partial<Pick<NewMember, 'plan'>>;

export function addAccount(connection: Connection, account: NewAccount, signal: AbortSignal): Promise<Result<ManagedAccount>> {
  return askFor(connection, ManagedAccount, { method: 'POST', path: '/api/v1/accounts', json: account, signal });
}

export function changeAccount(connection: Connection, id: AccountId, change: AccountChange, signal: AbortSignal): Promise<Result<ManagedAccount>> {
  return askFor(connection, ManagedAccount, { method: 'PATCH', path: `/api/v1/accounts/${id}`, json: change, signal });
}
