import { hash } from 'node:crypto';
import type { AccountId, DeviceId } from '@everroll/protocol';
import type { Random } from '../context.ts';
import { DatabaseFull } from '../database/errors.ts';
import type { Queries } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';
import { fail } from '../http/problem.ts';

/** Who makes a request: what the rest of the server knows of a session. */
export interface SessionIdentity {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly via: 'bearer' | 'cookie';
  /** Names the session itself; the token is known to the device alone (rule X2). */
  readonly tokenHash: string;
}

/** How exactly "last used" is kept: a write for every request would cost more than it tells. */
const LAST_USED_EVERY_MS = 5 * 60_000;

/** A token has 256 random bits, so one round of SHA-256 keeps it: there is nothing to guess. */
export function hashToken(token: string): string {
  return hash('sha256', token);
}

/** Begins the one session of a device. An earlier one, whose token may lie in some backup, ends. */
export async function beginSession(db: Queries, random: Random, accountId: AccountId, deviceId: DeviceId, now: number): Promise<string> {
  await db.deleteFrom('session').where('device_id', '=', deviceId).execute();
  const token = random.token();
  await db.insertInto('session').values({ token_hash: hashToken(token), account_id: accountId, device_id: deviceId, created_at: now, last_used_at: now }).execute();
  return token;
}

async function touch(db: Queries, tokenHash: string, deviceId: DeviceId, now: number): Promise<void> {
  try {
    await db.updateTable('session').set({ last_used_at: now }).where('token_hash', '=', tokenHash).execute();
    await db.updateTable('device').set({ last_seen_at: now }).where('id', '=', deviceId).execute();
  } catch (error) {
    // On a full disk everything is still read, which needs no note of it.
    if (!(error instanceof DatabaseFull)) throw error;
  }
}

const sessionOf = prepared((db, tokenHash: string) =>
  db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select(['session.account_id', 'session.device_id', 'session.last_used_at', 'account.disabled_at'])
    .where('session.token_hash', '=', tokenHash),
);

/** The session of a token, or the problem that says why there is none. */
export async function identify(db: Queries, token: string, via: SessionIdentity['via'], now: number): Promise<SessionIdentity> {
  const tokenHash = hashToken(token);
  const row = await sessionOf(db, tokenHash);
  if (!row) return fail(401, 'session_revoked');
  if (row.disabled_at !== null) return fail(403, 'account_disabled');
  if (now - row.last_used_at >= LAST_USED_EVERY_MS) await touch(db, tokenHash, row.device_id, now);
  return { accountId: row.account_id, deviceId: row.device_id, via, tokenHash };
}
