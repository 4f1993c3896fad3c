import { type AcceptInvitation, type Account, type Invitation, type InvitationId, type MadeInvitation, type NewInvitation, planBytes, planOfBytes, FREE_PLAN } from '@everroll/protocol';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { fail } from '../http/problem.ts';
import { createAccount } from './accounts.ts';
import { requireOwner } from './owner.ts';
import { issueCode, type OneTimeCodeRow, requireCode, useCode } from './one-time-codes.ts';
import type { SessionIdentity } from './sessions.ts';

/** Long enough for a letter to be read, short enough for one that went astray. */
const GOOD_FOR_MS = 7 * 24 * 60 * 60_000;

/** Rule X5: the account is made when the code is used; the owner never knows its password. */
export async function invite(services: Pick<Services, 'db' | 'clock' | 'random'>, session: SessionIdentity, { email, plan }: NewInvitation): Promise<MadeInvitation> {
  return await services.db.transaction().execute(async (trx) => {
    await requireOwner(trx, session);
    await refuseTaken(trx, email);
    const made = await issueCode(trx, services, { accountId: null, email, planBytes: planBytes[plan], goodForMs: GOOD_FOR_MS });
    return { ...invitationOf(made), code: made.code };
  });
}

/** Those that can still be used, the newest first. */
export async function openInvitations({ db, clock }: Pick<Services, 'db' | 'clock'>, session: SessionIdentity): Promise<Invitation[]> {
  await requireOwner(db, session);
  const rows = await db.selectFrom('one_time_code').selectAll().where('account_id', 'is', null).where('expires_at', '>', clock.now()).orderBy('created_at', 'desc').orderBy('id').execute();
  return rows.map(invitationOf);
}

export async function withdraw(db: Queries, session: SessionIdentity, id: InvitationId): Promise<void> {
  await requireOwner(db, session);
  const gone = await db.deleteFrom('one_time_code').where('id', '=', id).where('account_id', 'is', null).returning('id').executeTakeFirst();
  if (gone === undefined) fail(404, 'not_found');
}

export async function accept(services: Pick<Services, 'db' | 'clock' | 'random' | 'passwords'>, { code, name, password }: AcceptInvitation): Promise<Account> {
  await requireCode(services.db, code, 'invitation', services.clock.now());
  const passwordHash = await services.passwords.hash(password);
  return await services.db.transaction().execute(async (trx) => {
    const { email, plan_bytes: bytes } = await useCode(trx, code);
    const account = await createAccount(trx, services, { email, name, role: 'member', passwordHash, plan: planOfBytes(bytes) ?? FREE_PLAN });
    // The owner added it by hand meanwhile: the invitation has become pointless.
    return account === 'email_taken' ? fail(410, 'link_expired') : account;
  });
}

async function refuseTaken(trx: Queries, email: string): Promise<void> {
  const taken = await trx.selectFrom('account').select('id').where('email', '=', email).executeTakeFirst();
  if (taken !== undefined) fail(409, 'invalid_request', { detail: 'json.email: this address has an account' });
}

function invitationOf(row: OneTimeCodeRow): Invitation {
  return { id: row.id, email: row.email, plan: planOfBytes(row.plan_bytes) ?? FREE_PLAN, createdAt: row.created_at, expiresAt: row.expires_at };
}
