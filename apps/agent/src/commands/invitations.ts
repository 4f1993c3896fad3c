import { parsePlan } from '@everroll/protocol';
import { formatSpan } from '../output/format.ts';
import { table } from '../output/terminal.ts';
import { askInvitations, invite, makePasswordReset, withdrawInvitation } from '@everroll/engine/http';
import { accountNamed, asMember, noPlan } from './accounts.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

/** How the server's owner lets people in without knowing their passwords. */

export function inviteCommand(context: Context, email: string, options: { readonly plan?: string }): Promise<Outcome> {
  return withLibrary(context, async ({ connection, engine }) => {
    const plan = options.plan === undefined ? undefined : parsePlan(options.plan);
    if (plan === null) return wrongUse(noPlan(options.plan ?? ''));
    const made = await invite(connection, { email, ...(plan === undefined ? {} : { plan }) }, context.signal);
    if (!made.ok) return failedWith(asMember(made.failure));
    return succeeded({ invitation: made.value }, [
      `${made.value.email} is invited. The code is shown this once; it is good once, for ${formatSpan(made.value.expiresAt - context.now())}:`,
      '',
      `  ${made.value.code}`,
      '',
      `On their device: everroll sign-in ${engine.identity()?.server ?? 'ADDRESS'} --invitation CODE --name "THEIR NAME"`,
    ]);
  });
}

export function listInvitationsCommand(context: Context): Promise<Outcome> {
  return withLibrary(context, async ({ connection }) => {
    const listed = await askInvitations(connection, context.signal);
    if (!listed.ok) return failedWith(asMember(listed.failure));
    const { invitations } = listed.value;
    const rows = invitations.map(({ email, plan, expiresAt }) => [email, plan, `for ${formatSpan(expiresAt - context.now())} more`]);
    return succeeded({ invitations }, invitations.length === 0 ? ['No invitation is open.'] : table(rows));
  });
}

export function withdrawCommand(context: Context, email: string): Promise<Outcome> {
  return withLibrary(context, async ({ connection }) => {
    const listed = await askInvitations(connection, context.signal);
    if (!listed.ok) return failedWith(asMember(listed.failure));
    const invitation = listed.value.invitations.find((open) => open.email === email.trim().toLowerCase());
    if (invitation === undefined) return wrongUse(`No open invitation is for ${email}.`);
    const withdrawn = await withdrawInvitation(connection, invitation.id, context.signal);
    return withdrawn.ok ? succeeded({ invitation }, [`The invitation of ${invitation.email} is withdrawn.`]) : failedWith(withdrawn.failure);
  });
}

export function resetPasswordCommand(context: Context, email: string): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const account = await accountNamed(device, email, context.signal);
    if (!account.ok) return failedWith(account.failure);
    const made = await makePasswordReset(device.connection, account.value.id, context.signal);
    if (!made.ok) return failedWith(asMember(made.failure));
    return succeeded({ reset: made.value }, [
      `With this code ${made.value.email} chooses a new password. It is shown this once; it is good once, for ${formatSpan(made.value.expiresAt - context.now())}:`,
      '',
      `  ${made.value.code}`,
      '',
      `On their device: everroll sign-in ${device.engine.identity()?.server ?? 'ADDRESS'} --email ${made.value.email} --reset-code CODE`,
      'Then every device of the account signs in again. Until the code is used nothing changes.',
    ]);
  });
}
