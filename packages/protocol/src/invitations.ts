import { z } from 'zod';
import { Milliseconds } from './entities.ts';
import { DeviceIntroduction, SetupRequest } from './messages.ts';
import { FREE_PLAN, PlanName } from './plans.ts';

/**
 * A code that opens something once and for a while (rule X5): the account to another device of the
 * one who asks, or, by the server's owner, the server to another person.
 */
export const InvitationRequest = z.discriminatedUnion('for', [
  z.object({ for: z.literal('device') }),
  z.object({ for: z.literal('person'), plan: PlanName.default(FREE_PLAN) }),
]);
export type InvitationRequest = z.input<typeof InvitationRequest>;

export const InvitationCode = z.string().regex(/^[0-9a-z]{26}$/, 'expected a code of 26 letters and digits');

/** The code is told once; the server keeps its hash. */
export const Invitation = z.object({ code: InvitationCode, expiresAt: Milliseconds });
export type Invitation = z.infer<typeof Invitation>;

/** Another device of the account signs in. */
export const JoinRequest = z.object({ code: InvitationCode, device: DeviceIntroduction });

/** Another person makes their account and signs in. */
export const AcceptRequest = SetupRequest.omit({ code: true }).extend({ code: InvitationCode, device: DeviceIntroduction });
