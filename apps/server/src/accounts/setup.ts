import { createHash, timingSafeEqual } from 'node:crypto';
import type { Account } from '@everroll/protocol';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { createAccount } from './accounts.ts';

/** Whether the owner's account is still to be made. */
export async function setupNeeded(db: Queries): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) === undefined;
}

export interface Owner {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** `refused` where an account exists or the code is not the one printed. */
export async function setUp(services: Services, code: string, owner: Owner): Promise<Account | 'refused'> {
  const { setupCode } = services.config;
  if (setupCode === null || !sameText(code.trim().toLowerCase(), setupCode)) return 'refused';
  return await createOwner(services, owner);
}

/** Only while there is no account: of two that come at once, one is refused. */
export async function createOwner(services: Services, owner: Owner): Promise<Account | 'refused'> {
  if (!(await setupNeeded(services.db))) return 'refused';
  const passwordHash = await services.passwords.hash(owner.password);
  return await services.db.transaction().execute(async (trx) => {
    if (!(await setupNeeded(trx))) return 'refused';
    const account = await createAccount(trx, services, { email: owner.email, name: owner.name, role: 'owner', passwordHash });
    return account === 'email_taken' ? 'refused' : account;
  });
}

/** Compared as digests, which have one length, in a time that tells nothing. */
function sameText(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
