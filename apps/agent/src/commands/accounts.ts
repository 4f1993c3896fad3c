import { type Failure, type Result, failed } from '@everroll/engine';
import { type AccountChange, type ManagedAccount, parsePlan, PlanName } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { formatBytes } from '../output/format.ts';
import { table, tone } from '../output/terminal.ts';
import { addAccount, askAccounts, changeAccount } from '@everroll/engine/http';
import { askPassword } from './ask-password.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

/** What the server's owner does with its accounts. */

export function listAccountsCommand(context: Context): Promise<Outcome> {
  return withLibrary(context, async ({ connection }) => {
    const listed = await askAccounts(connection, context.signal);
    return listed.ok ? succeeded({ accounts: listed.value.accounts }, describe(listed.value.accounts)) : failedWith(asMember(listed.failure));
  });
}

export function addAccountCommand(context: Context, email: string, options: { readonly name?: string; readonly plan?: string }): Promise<Outcome> {
  return withLibrary(context, async ({ connection }) => {
    const plan = options.plan === undefined ? undefined : parsePlan(options.plan);
    if (plan === null) return wrongUse(noPlan(options.plan ?? ''));
    const password = await askPassword(context, 'EVERROLL_NEW_PASSWORD', `Password for ${email}`);
    if (password === undefined) return wrongUse('No password for the new account: there is no terminal to ask on, and EVERROLL_NEW_PASSWORD is not set.');
    const added = await addAccount(connection, { email, name: options.name ?? email.split('@', 1)[0] ?? email, password, ...(plan === undefined ? {} : { plan }) }, context.signal);
    return added.ok ? succeeded({ account: added.value }, [`${added.value.email} has an account with ${planText(added.value)}.`]) : failedWith(asMember(added.failure));
  });
}

export function assignPlanCommand(context: Context, email: string, text: string): Promise<Outcome> {
  const plan = parsePlan(text);
  if (plan === null) return Promise.resolve(wrongUse(noPlan(text)));
  return change(context, email, { plan }, (account) => {
    const over = account.planBytes === null ? 0 : account.usedBytes + account.reservedBytes - account.planBytes;
    return [`${account.email} has ${planText(account)} now.`, ...(over > 0 ? [`It uses ${formatBytes(over)} more than that: nothing is deleted, and new originals wait.`] : [])];
  });
}

export function disableAccountCommand(context: Context, email: string): Promise<Outcome> {
  return change(context, email, { disabled: true }, (account) => [`${account.email} is disabled. Nothing was deleted; its devices go on when it is enabled again.`]);
}

export function enableAccountCommand(context: Context, email: string): Promise<Outcome> {
  return change(context, email, { disabled: false }, (account) => [`${account.email} is enabled.`]);
}

function change(context: Context, email: string, wanted: AccountChange, lines: (account: ManagedAccount) => string[]): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const account = await accountNamed(device, email, context.signal);
    if (!account.ok) return failedWith(account.failure);
    const changed = await changeAccount(device.connection, account.value.id, wanted, context.signal);
    return changed.ok ? succeeded({ account: changed.value }, lines(changed.value)) : failedWith(asMember(changed.failure));
  });
}

export async function accountNamed({ connection }: Device, email: string, signal: AbortSignal): Promise<Result<ManagedAccount>> {
  const listed = await askAccounts(connection, signal);
  if (!listed.ok) return { ok: false, failure: asMember(listed.failure) };
  const account = listed.value.accounts.find((one) => one.email === email.trim().toLowerCase());
  return account === undefined ? failed('not_found', { detail: `no account of this server is ${email}` }) : { ok: true, value: account };
}

/** The server does not say that there is a list to whoever may not see it. */
export function asMember(failure: Failure): Failure {
  return failure.code === 'not_found' ? { ...failure, evidence: { detail: 'only the owner of the server manages its accounts' } } : failure;
}

export const noPlan = (text: string): string => `${text} is no plan. There are: ${PlanName.options.join(', ')}.`;

function planText({ planBytes }: ManagedAccount): string {
  return planBytes === null ? 'an unlimited plan' : `a plan of ${formatBytes(planBytes)}`;
}

function describe(accounts: readonly ManagedAccount[]): string[] {
  return table(
    accounts.map((account) => [
      account.email,
      account.name,
      account.role,
      account.plan ?? formatBytes(account.planBytes ?? 0),
      `${formatBytes(account.usedBytes)} used`,
      account.reservedBytes > 0 ? `${formatBytes(account.reservedBytes)} reserved` : '',
      account.disabled ? tone('disabled', 'warn') : '',
    ]),
  );
}
