import type { AccountId, DeviceIntroduction, Invitation, InvitationRequest, PlanName } from '@everroll/protocol';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { fail } from '../http/problem.ts';
import { createAccount } from './accounts.ts';
import { attachDevice } from './devices.ts';
import { requireOwner } from './managed.ts';
import { beginSession, hashToken, type SessionIdentity } from './sessions.ts';

/** Someone holds a phone before a screen: minutes. Someone gets a message: days. */
const DEVICE_MS = 10 * 60_000;
const PERSON_MS = 7 * 24 * 60 * 60_000;

/** 130 random bits in an alphabet without look-alikes (RFC 4648, section 6, lower case): nothing to guess. */
function makeCode(random: Services['random']): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const bits = BigInt(`0x${random.token()}`);
  return Array.from({ length: 26 }, (_, place) => alphabet[Number((bits >> BigInt(place * 5)) & 31n)]).join('');
}

/** Rule X5. Only the server's owner invites another person. */
export async function invite({ db, clock, random }: Pick<Services, 'db' | 'clock' | 'random'>, session: SessionIdentity, request: InvitationRequest): Promise<Invitation> {
  const plan = request.for === 'person' ? (request.plan ?? null) : null;
  if (request.for === 'person') await requireOwner(db, session);
  const now = clock.now();
  const code = makeCode(random);
  const expiresAt = now + (request.for === 'person' ? PERSON_MS : DEVICE_MS);
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('invitation').where('expires_at', '<=', now).execute();
    await trx.insertInto('invitation').values({ code_hash: hashToken(code), account_id: session.accountId, plan, expires_at: expiresAt }).execute();
  });
  return { code, expiresAt };
}

/** Another device of the one who asked for the code. */
export async function joinBy(services: Pick<Services, 'db' | 'clock' | 'random'>, code: string, device: DeviceIntroduction) {
  return await services.db.transaction().execute(async (trx) => {
    const { account_id: accountId } = (await use(trx, services, code, 'device')) ?? fail(401, 'sign_in_failed');
    const account = await trx.selectFrom('account').select('disabled_at').where('id', '=', accountId).executeTakeFirstOrThrow();
    if (account.disabled_at !== null) return fail(403, 'account_disabled');
    return await begin(trx, services, accountId, device);
  });
}

/** Another person: an account of their own, with the plan that the owner gave with the code. */
export async function acceptBy(services: Pick<Services, 'db' | 'clock' | 'random' | 'passwords'>, code: string, person: { readonly email: string; readonly name: string; readonly password: string }, device: DeviceIntroduction) {
  const passwordHash = await services.passwords.hash(person.password);
  return await services.db.transaction().execute(async (trx) => {
    const { plan } = (await use(trx, services, code, 'person')) ?? fail(403, 'setup_refused');
    const account = await createAccount(trx, services, { email: person.email, name: person.name, role: 'member', passwordHash, ...(plan !== null && { plan }) });
    // The transaction ends without effect, so the code can be used with another address.
    if (account === 'email_taken') return fail(409, 'invalid_request', { detail: 'json.email: this address has an account' });
    return await begin(trx, services, account.id, device);
  });
}

/** Takes the code out of the table: of two who use it at once, one gets it. undefined: there is none, or it is too old. */
async function use(trx: Queries, { clock }: Pick<Services, 'clock'>, code: string, of: 'device' | 'person'): Promise<{ readonly account_id: AccountId; readonly plan: PlanName | null } | undefined> {
  return await trx
    .deleteFrom('invitation')
    .where('code_hash', '=', hashToken(code))
    .where('expires_at', '>', clock.now())
    .where('plan', of === 'device' ? 'is' : 'is not', null)
    .returning(['account_id', 'plan'])
    .executeTakeFirst();
}

async function begin(trx: Queries, services: Pick<Services, 'clock' | 'random'>, accountId: AccountId, device: DeviceIntroduction) {
  const deviceId = await attachDevice(trx, services, accountId, device);
  return { accountId, deviceId, token: await beginSession(trx, services.random, accountId, deviceId, services.clock.now()) };
}
