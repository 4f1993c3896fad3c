import type { AccountId, DeviceIntroduction, DeviceLink } from '@everroll/protocol';
import type { Services } from '../context.ts';
import { fail } from '../http/problem.ts';
import { attachDevice } from './devices.ts';
import { beginSession, hashToken } from './sessions.ts';

/** Someone holds a phone before a screen. */
const GOOD_FOR_MS = 10 * 60_000;

/** 130 random bits in an alphabet without look-alikes (RFC 4648, section 6, lower case): nothing to guess. */
function makeCode(random: Services['random']): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const bits = BigInt(`0x${random.token()}`);
  return Array.from({ length: 26 }, (_, place) => alphabet[Number((bits >> BigInt(place * 5)) & 31n)]).join('');
}

/** A code for another device of the one who asks (rule X6). */
export async function makeDeviceLink({ db, clock, random }: Pick<Services, 'db' | 'clock' | 'random'>, accountId: AccountId): Promise<DeviceLink> {
  const now = clock.now();
  const code = makeCode(random);
  const expiresAt = now + GOOD_FOR_MS;
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('device_link').where('expires_at', '<=', now).execute();
    await trx.insertInto('device_link').values({ code_hash: hashToken(code), account_id: accountId, expires_at: expiresAt }).execute();
  });
  return { code, expiresAt };
}

/** Takes the code out of the table, so that of two who use it at once one gets it, and begins a session of the device. */
export async function joinBy({ db, clock, random }: Pick<Services, 'db' | 'clock' | 'random'>, code: string, device: DeviceIntroduction) {
  return await db.transaction().execute(async (trx) => {
    const now = clock.now();
    const link = await trx.deleteFrom('device_link').where('code_hash', '=', hashToken(code)).where('expires_at', '>', now).returning('account_id').executeTakeFirst();
    if (!link) return fail(410, 'link_expired');
    const accountId = link.account_id;
    const account = await trx.selectFrom('account').select('disabled_at').where('id', '=', accountId).executeTakeFirstOrThrow();
    if (account.disabled_at !== null) return fail(403, 'account_disabled');
    const deviceId = await attachDevice(trx, { clock, random }, accountId, device);
    return { accountId, deviceId, token: await beginSession(trx, random, accountId, deviceId, now) };
  });
}
