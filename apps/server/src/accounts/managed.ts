import { type AccountChange, type AccountId, type ManagedAccount, type NewMember, planBytes, planOfBytes } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import type { AccountTable } from '../database/schema.ts';
import { fail } from '../http/problem.ts';
import { requireOwner } from './owner.ts';
import { accountOf, createAccount } from './accounts.ts';
import type { SessionIdentity } from './sessions.ts';

/** Every account of the server, the oldest first. */
export async function managedAccounts(db: Queries, session: SessionIdentity): Promise<ManagedAccount[]> {
  await requireOwner(db, session);
  const rows = await db.selectFrom('account').selectAll().orderBy('created_at').orderBy('id').execute();
  return rows.map(managedAccountOf);
}

/** A new account with an empty library of its own. */
export async function addMember(services: Pick<Services, 'db' | 'clock' | 'random' | 'passwords'>, session: SessionIdentity, { email, name, password, plan }: NewMember): Promise<ManagedAccount> {
  await requireOwner(services.db, session);
  const passwordHash = await services.passwords.hash(password);
  return await services.db.transaction().execute(async (trx) => {
    const account = await createAccount(trx, services, { email, name, role: 'member', passwordHash, plan });
    // The one who asks owns the server and may know who is on it.
    if (account === 'email_taken') return fail(409, 'invalid_request', { detail: 'json.email: this address has an account' });
    return managedAccountOf(await trx.selectFrom('account').selectAll().where('id', '=', account.id).executeTakeFirstOrThrow());
  });
}

/**
 * What the owner changes of an account (rules Q4, X4). Nothing of it deletes anything: a plan may
 * become smaller than what is stored, and a disabled account keeps its sessions for when it is
 * enabled again.
 */
export async function changeAccount(services: Pick<Services, 'db' | 'clock' | 'events'>, session: SessionIdentity, id: AccountId, change: AccountChange): Promise<ManagedAccount> {
  const changed = await services.db.transaction().execute(async (trx) => {
    const owners = await lockOwners(trx);
    await requireOwner(trx, session);
    const before = await trx.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst();
    if (!before) return fail(404, 'not_found');
    const after = changedRow(before, change, services.clock.now());
    const isOwner = after.role === 'owner' && after.disabled_at === null;
    if (!isOwner && owners.every((owner) => owner === id)) return fail(409, 'last_owner');
    const { name, role, plan_bytes, disabled_at } = after;
    await trx.updateTable('account').set({ name, role, plan_bytes, disabled_at }).where('id', '=', id).execute();
    return after;
  });
  if (change.plan !== undefined) services.events.publish({ kind: 'plan', accountId: id });
  if (change.disabled === true) services.events.publish({ kind: 'sessions_ended', accountId: id, deviceId: null });
  return managedAccountOf(changed);
}

type Row = Selectable<AccountTable>;

function changedRow(row: Row, { plan, disabled, name, role }: AccountChange, now: number): Row {
  return {
    ...row,
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
    ...(plan === undefined ? {} : { plan_bytes: planBytes[plan] }),
    ...(disabled === undefined ? {} : { disabled_at: disabled ? (row.disabled_at ?? now) : null }),
  };
}

/** The owners that can act, held until the transaction ends: two who disable each other at once cannot both succeed. */
async function lockOwners(trx: Queries): Promise<AccountId[]> {
  const rows = await trx
    .updateTable('account')
    .set((is) => ({ role: is.ref('role') }))
    .where('role', '=', 'owner')
    .where('disabled_at', 'is', null)
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

function managedAccountOf(row: Row): ManagedAccount {
  return {
    ...accountOf(row),
    plan: planOfBytes(row.plan_bytes),
    planBytes: row.plan_bytes,
    usedBytes: row.used_bytes,
    reservedBytes: row.reserved_bytes,
    disabled: row.disabled_at !== null,
    createdAt: row.created_at,
  };
}
