import { z } from 'zod';
import { Milliseconds } from './entities.ts';
import { InvitationId } from './ids.ts';
import { Account, Email, Password, SetupRequest } from './messages.ts';
import { FREE_PLAN, PlanName } from './plans.ts';

/** What a person types or opens once: 80 random bits as `abcd-efgh-ijkl-mnop`, letters and the digits 2 to 7. */
export const OneTimeCode = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z2-7]{4}(?:-[a-z2-7]{4}){3}$/, 'expected a code such as abcd-efgh-ijkl-mnop');

/** A member whom the server's owner invites: the account is made when the code is used. */
export const NewInvitation = z.object({ email: Email, plan: PlanName.default(FREE_PLAN) });
export type NewInvitation = z.infer<typeof NewInvitation>;

/** One that was not used yet. Its code was shown once, to the owner who made it. */
export const Invitation = z.object({ id: InvitationId, email: Email, plan: PlanName, createdAt: Milliseconds, expiresAt: Milliseconds });
export type Invitation = z.infer<typeof Invitation>;

export const Invitations = z.object({ invitations: z.array(Invitation) });

export const MadeInvitation = Invitation.extend({ code: OneTimeCode });
export type MadeInvitation = z.infer<typeof MadeInvitation>;

/** The invited person makes the account, with a password that nobody else knows. */
export const AcceptInvitation = z.object({ code: OneTimeCode, name: SetupRequest.shape.name, password: Password });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;

/** For a person who lost their password: the owner makes the code, the person chooses the password. */
export const MadePasswordReset = z.object({ email: Account.shape.email, code: OneTimeCode, expiresAt: Milliseconds });
export type MadePasswordReset = z.infer<typeof MadePasswordReset>;

export const PasswordReset = z.object({ code: OneTimeCode, password: Password });
export type PasswordReset = z.infer<typeof PasswordReset>;
