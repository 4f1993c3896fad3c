import { z } from 'zod';
import { Milliseconds } from './entities.ts';
import { Account, SetupRequest } from './messages.ts';
import { FREE_PLAN, PlanName } from './plans.ts';

/** An account as the server's owner sees it. */
export const ManagedAccount = Account.extend({
  /** null: a size that the table of plans does not have. */
  plan: PlanName.nullable(),
  /** null is unlimited. */
  planBytes: z.int().nullable(),
  usedBytes: z.int(),
  /** Space of uploads that are under way. */
  reservedBytes: z.int(),
  disabled: z.boolean(),
  createdAt: Milliseconds,
});
export type ManagedAccount = z.infer<typeof ManagedAccount>;

export const ManagedAccounts = z.object({ accounts: z.array(ManagedAccount) });

/** A member whom the owner adds. */
export const NewMember = SetupRequest.omit({ code: true }).extend({ plan: PlanName.default(FREE_PLAN) });
export type NewMember = z.infer<typeof NewMember>;

/** What the owner changes of an account; what is left out stays (rules Q4, X4). */
export const AccountChange = z
  .object({ plan: PlanName, disabled: z.boolean(), name: z.string().trim().min(1).max(100), role: Account.shape.role })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'at least one change');
export type AccountChange = z.infer<typeof AccountChange>;
