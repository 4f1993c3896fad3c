import type { AccountId, LibraryId } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Queries } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import type { LibraryTable } from '../database/schema.ts';
import { fail } from '../http/problem.ts';

export type Library = Selectable<LibraryTable>;

const libraryOf = prepared((db, id: LibraryId, accountId: AccountId) => db.selectFrom('library').selectAll().where('id', '=', id).where('account_id', '=', accountId));

/**
 * The one place that decides who may open which library (rule X1). A library of another account
 * and one that does not exist end in the same answer, by the same query.
 */
export async function openLibrary(db: Queries, session: Pick<SessionIdentity, 'accountId'>, libraryId: LibraryId): Promise<Library> {
  return (await libraryOf(db, libraryId, session.accountId)) ?? fail(404, 'not_found');
}

/** Every library that `openLibrary` would open. */
export async function librariesOf(db: Queries, session: Pick<SessionIdentity, 'accountId'>): Promise<Library[]> {
  return await db.selectFrom('library').selectAll().where('account_id', '=', session.accountId).orderBy('created_at').orderBy('id').execute();
}
