import type { AccountId, MadePasswordReset, PasswordReset } from '@everroll/protocol';
import type { Services } from '../context.ts';
import { fail } from '../http/problem.ts';
import { requireOwner } from './owner.ts';
import { issueCode, requireCode, useCode } from './one-time-codes.ts';
import type { SessionIdentity } from './sessions.ts';

/** It opens an account that holds photos: a day. */
const GOOD_FOR_MS = 24 * 60 * 60_000;

/** Rule X5: the owner makes a code, and the person who has it chooses the password. Until then nothing changes. */
export async function makeReset(services: Pick<Services, 'db' | 'clock' | 'random'>, session: SessionIdentity, accountId: AccountId): Promise<MadePasswordReset> {
  return await services.db.transaction().execute(async (trx) => {
    await requireOwner(trx, session);
    const account = await trx.selectFrom('account').select('email').where('id', '=', accountId).executeTakeFirst();
    if (account === undefined) return fail(404, 'not_found');
    const { code, expires_at: expiresAt } = await issueCode(trx, services, { accountId, email: account.email, planBytes: null, goodForMs: GOOD_FOR_MS });
    return { email: account.email, code, expiresAt };
  });
}

/** The new password holds, and every session of the account ends: whoever had the old one is out. */
export async function resetPassword(services: Pick<Services, 'db' | 'clock' | 'passwords' | 'events'>, { code, password }: PasswordReset): Promise<void> {
  await requireCode(services.db, code, 'reset', services.clock.now());
  const passwordHash = await services.passwords.hash(password);
  const accountId = await services.db.transaction().execute(async (trx) => {
    const { account_id: id } = await useCode(trx, code);
    if (id === null) return fail(410, 'link_expired');
    await trx.updateTable('account').set({ password_hash: passwordHash }).where('id', '=', id).execute();
    await trx.deleteFrom('session').where('account_id', '=', id).execute();
    return id;
  });
  services.events.publish({ kind: 'sessions_ended', accountId, deviceId: null });
}
