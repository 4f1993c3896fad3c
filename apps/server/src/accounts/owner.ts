import type { Queries } from '../database/open.ts';
import { fail } from '../http/problem.ts';
import type { SessionIdentity } from './sessions.ts';

/** Ends the request unless the server's owner makes it: to anyone else what is the owner's does not exist (rule X4). */
export async function requireOwner(db: Queries, session: SessionIdentity): Promise<void> {
  const asking = await db.selectFrom('account').select('role').where('id', '=', session.accountId).executeTakeFirst();
  if (asking?.role !== 'owner') fail(404, 'not_found');
}
