import type { Account, Device as DeviceRow, LibraryId, ReasonCode } from '@everroll/protocol';
import type { Failure, Result, Watched } from './watched.ts';

/** Where this browser stands with the server. It decides which page is shown first. */
export type SessionState =
  /** The database is being opened. */
  | { readonly phase: 'starting' }
  /** The server has no owner yet: the first run. */
  | { readonly phase: 'set_up' }
  /** Nobody, or somebody whose library is still kept in this browser (`remembered`). */
  | { readonly phase: 'signed_out'; readonly remembered: Member | null }
  /** `halted`: why the server does not take this session any more (`session_revoked`, `account_disabled`); what is here stays and can be looked at. */
  | { readonly phase: 'signed_in'; readonly member: Member; readonly halted: ReasonCode | null }
  /** The database of this browser cannot be used: `replica_newer_than_program`, `local_database_corrupt`, `device_full`. */
  | { readonly phase: 'failed'; readonly failure: Failure };

/** Who this browser is, and where: what tells two devices on different accounts apart. */
export interface Member {
  readonly account: Account;
  readonly library: { readonly id: LibraryId; readonly name: string };
  readonly device: { readonly id: DeviceRow['id']; readonly name: string };
  /** The server's address, for example `https://photos.example.com`. */
  readonly server: string;
}

/** What surrounds this device now. */
export interface Surroundings {
  /** What the browser says; null where it does not. */
  readonly online: boolean | null;
  /** Why the server cannot be spoken to; null: it answered when it was last asked. */
  readonly fault: { readonly code: ReasonCode; readonly since: number } | null;
  /** This tab does the device's work, or another one does. */
  readonly role: 'leader' | 'follower' | 'starting';
  /** The library is kept in this browser. False: the browser has no place for it (no OPFS), and everything is read anew each time. */
  readonly persisted: boolean;
  /** The browser promised not to clear it when space runs low (`navigator.storage.persisted`); null: not known. */
  readonly durable: boolean | null;
  /** What this site uses and may use in this browser; null where the browser does not say. */
  readonly space: { readonly usedBytes: number; readonly quotaBytes: number } | null;
  /** How far the first reading of the library is; null: it is complete. */
  readonly firstSync: { readonly assets: number } | null;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** An address that opens something once, until then. */
export interface Link {
  readonly url: string;
  readonly expiresAt: number;
}

export interface Session {
  readonly state: Watched<SessionState>;
  readonly surroundings: Watched<Surroundings>;

  /** Creates the owner's account with the code that the server printed, and signs in. Fails with `setup_refused`, `invalid_request`, `rate_limited` or a code of the connection. */
  setUp(owner: Credentials & { readonly name: string; readonly code: string }): Promise<Result<void>>;
  /** Fails with `sign_in_failed`, `account_disabled`, `rate_limited`, `wrong_account` (another person's library is kept here: `leave` first), or a code of the connection. */
  signIn(who: Credentials): Promise<Result<void>>;
  /** Ends the session; the library and what waits stay in this browser, to be seen again after signing in. */
  signOut(): Promise<Result<void>>;
  /**
   * Removes everything from this browser. While anything is here that the server does not have, it
   * refuses and says how much, unless `evenIfAtRisk`.
   */
  leave(options: { readonly evenIfAtRisk: boolean }): Promise<Result<{ readonly left: true } | { readonly left: false; readonly atRisk: AtRisk }>>;
  /** Whether this is the account's password (the lock of the hidden album). Fails with `sign_in_failed`, `rate_limited` or a code of the connection. */
  confirmPassword(password: string): Promise<Result<void>>;
  /** Asks the browser to keep the library when space runs low. @returns what it said. */
  askToKeep(): Promise<boolean>;
  /** Tries to reach the server at once. */
  tryNow(): Promise<void>;

  /** An address with a code by which another device of this account signs in, for a QR code. Valid for a few minutes and once. */
  invite(): Promise<Result<Link>>;
  /** Signs in by the code of such an address. Fails with `sign_in_failed` where it was used or is too old. */
  join(code: string): Promise<Result<void>>;
  /** Makes an account by an invitation of the owner (`People.invite`), and signs in. Fails with `link_expired` where it was used or is too old. */
  acceptInvitation(code: string, who: { readonly name: string; readonly password: string }): Promise<Result<void>>;
}

export interface AtRisk {
  readonly items: number;
  readonly bytes: number;
  /** Changes that the server has not answered yet. */
  readonly changes: number;
}
