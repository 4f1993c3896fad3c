import { type Account, type AccountId, type Epoch, FREE_PLAN, type LibraryId, planBytes, type PlanName } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import type { Services } from '../context.ts';
import { UniqueViolation } from '../database/errors.ts';
import type { Queries } from '../database/open.ts';
import type { AccountTable } from '../database/schema.ts';

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly role: AccountTable['role'];
  readonly passwordHash: string;
  /** The free plan unless said. */
  readonly plan?: PlanName;
}

/** The account with its personal library, or `email_taken`. To be called in a transaction. */
export async function createAccount(trx: Queries, { random, clock }: Pick<Services, 'random' | 'clock'>, account: NewAccount): Promise<Account | 'email_taken'> {
  const now = clock.now();
  const id = random.id() as AccountId;
  try {
    await trx
      .insertInto('account')
      .values({
        id,
        email: account.email,
        name: account.name,
        role: account.role,
        password_hash: account.passwordHash,
        plan_bytes: planBytes[account.plan ?? FREE_PLAN],
        used_bytes: 0,
        reserved_bytes: 0,
        disabled_at: null,
        created_at: now,
      })
      .execute();
  } catch (error) {
    if (error instanceof UniqueViolation) return 'email_taken';
    throw error;
  }
  const library = { id: random.id() as LibraryId, epoch: random.id() as Epoch };
  await trx.insertInto('library').values({ ...library, account_id: id, name: 'Photos', head: 0, created_at: now }).execute();
  await trx.insertInto('epoch').values({ library_id: library.id, epoch: library.epoch, ordinal: 0, forked_at: null, began_at: now }).execute();
  return accountOf({ id, email: account.email, name: account.name, role: account.role });
}

export function accountOf(row: Pick<Selectable<AccountTable>, 'id' | 'email' | 'name' | 'role'>): Account {
  return { id: row.id, email: row.email, name: row.name, role: row.role };
}
