import { createHash } from 'node:crypto';
import type { AccountId, InvitationId } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import type { OneTimeCodeTable } from '../database/schema.ts';
import { fail } from '../http/problem.ts';

/** 80 random bits in an alphabet without look-alikes (RFC 4648, section 6, lower case): to be typed, not guessed. */
export function makeCode(random: Services['random']): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const bits = BigInt(`0x${random.token().slice(0, 20)}`);
  const letters = Array.from({ length: 16 }, (_, place) => alphabet[Number((bits >> BigInt(place * 5)) & 31n)]).join('');
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** Of 80 random bits there is nothing to guess, so one round keeps the code as it keeps a session's token. */
const hashCode = (code: string): string => createHash('sha256').update(code).digest('hex');

export type OneTimeCodeRow = Selectable<OneTimeCodeTable>;

interface NewCode {
  readonly accountId: AccountId | null;
  readonly email: string;
  readonly planBytes: number | null;
  readonly goodForMs: number;
}

/** A code that takes the place of an earlier one for the same purpose and person. To be called in a transaction. */
export async function issueCode(trx: Queries, { random, clock }: Pick<Services, 'random' | 'clock'>, { accountId, email, planBytes, goodForMs }: NewCode): Promise<OneTimeCodeRow & { readonly code: string }> {
  const now = clock.now();
  await trx.deleteFrom('one_time_code').where('expires_at', '<=', now).execute();
  await trx.deleteFrom('one_time_code').where('email', '=', email).where('account_id', accountId === null ? 'is' : '=', accountId).execute();
  const code = makeCode(random);
  const row = { id: random.id() as InvitationId, code_hash: hashCode(code), account_id: accountId, email, plan_bytes: planBytes, created_at: now, expires_at: now + goodForMs };
  await trx.insertInto('one_time_code').values(row).execute();
  return { ...row, code };
}

/** Whether it is good now. It stays so: a password is hashed only for one that is. */
export async function requireCode(db: Queries, code: string, purpose: 'invitation' | 'reset', now: number): Promise<void> {
  const row = await db.selectFrom('one_time_code').select(['account_id', 'expires_at']).where('code_hash', '=', hashCode(code)).executeTakeFirst();
  if (row === undefined || row.expires_at <= now || (row.account_id === null) !== (purpose === 'invitation')) fail(410, 'link_expired');
}

/** Uses the code up. Of two who come with it at once, one finds it gone. To be called in a transaction. */
export async function useCode(trx: Queries, code: string): Promise<OneTimeCodeRow> {
  const row = await trx.deleteFrom('one_time_code').where('code_hash', '=', hashCode(code)).returningAll().executeTakeFirst();
  return row ?? fail(410, 'link_expired');
}
