import type { AccountChange, AccountId, ManagedAccount, PlanName } from '@everroll/protocol';
import type { Link } from './session.ts';
import type { Result } from './watched.ts';

/** For the server's owner; of anybody else every answer is `not_found`. */
export interface People {
  accounts(): Promise<Result<readonly ManagedAccount[]>>;
  /** An account with a password that the owner tells its person. */
  add(account: { readonly email: string; readonly name: string; readonly password: string; readonly plan: PlanName }): Promise<Result<ManagedAccount>>;
  /** Fails with `last_owner`. */
  change(id: AccountId, change: AccountChange): Promise<Result<ManagedAccount>>;
  /** An address by which one person makes their own account (`Session.acceptInvitation`), for a QR code or a message. Valid once and for some days. */
  invite(person: { readonly email: string; readonly plan: PlanName }): Promise<Result<Link>>;
}
