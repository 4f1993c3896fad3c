import { type Failure, type Identity, type Result, done, failed } from '@everroll/engine';
import { askFor, askHealth, setUp, signIn, signOut } from '@everroll/engine/http';
import { type DeviceIntroduction, type PlanName, Session, type SignedIn } from '@everroll/protocol';
import type { Credentials, Link, Member, SessionState } from '../contract/session.ts';
import { Value } from '../rpc/value.ts';
import { deviceName } from './device-name.ts';
import { askQueue, type Early, type Home } from './home.ts';

/** Seldom needed: loaded when it is. */
const invitations = () => import('./invitations.ts');

/** What stops a session until a person acts. */
const halting: ReadonlySet<string> = new Set(['signed_out', 'session_revoked', 'account_disabled', 'duplicate_device_identity', 'client_too_old', 'server_too_old']);

/** While it is not known whether the server has an owner, it is asked this often. */
const ASK_AGAIN_MS = 3_000;

/** Who this browser is to the server, and how it comes to be. */
export class SessionDesk {
  readonly state = new Value<SessionState>({ phase: 'starting' });
  /** Why the server could not be asked when it was last asked for its session. */
  fault: { readonly failure: Failure; readonly since: number } | null = null;
  readonly #home: Home;
  readonly #signal: AbortSignal;
  #asking = false;

  constructor(home: Home, signal: AbortSignal) {
    this.#home = home;
    this.#signal = signal;
  }

  /** Says where this browser stands, from what is stored where that is enough. */
  async begin(): Promise<void> {
    if (this.#isSignedIn()) return this.refresh();
    const early = await this.#home.early;
    if (early?.session.ok === true && this.#home.engine.identity() === null && (await this.#enrol(early.session.value, early.queue)).ok) return;
    await this.#askServer();
  }

  /** Follows the engine: a session that the server ended, a sign-out in another tab. */
  refresh(): void {
    const { engine } = this.#home;
    const identity = engine.identity();
    if (identity === null || !engine.isSignedIn()) return;
    const halted = engine.status().reasons.find(({ code }) => halting.has(code))?.code ?? null;
    this.state.set({ phase: 'signed_in', member: memberOf(identity), halted });
  }

  async setUp(owner: Credentials & { readonly name: string; readonly code: string }): Promise<Result<void>> {
    const made = await setUp(this.#home.connection, owner, this.#signal);
    return made.ok ? this.signIn(owner) : made;
  }

  async signIn({ email, password }: Credentials): Promise<Result<void>> {
    const { engine, connection } = this.#home;
    const known = engine.identity();
    // Before the server is asked: its answer would already have replaced this browser's cookie.
    if (known !== null && known.account.email !== email.trim().toLowerCase()) return failed('wrong_account', { detail: `${known.account.email} at ${known.server}` });
    const health = await askHealth(connection, this.#signal);
    if (!health.ok) return health;
    return this.#take(await signIn(connection, { email, password }, this.#introduction(), this.#signal));
  }

  /** Makes a session that the server gave this browser's own; one that cannot be used here is ended at once. */
  async #take(session: Result<SignedIn>): Promise<Result<void>> {
    if (!session.ok) return session;
    const taken = await this.#enrol(session.value);
    if (!taken.ok) await signOut(this.#home.connection, this.#signal);
    return taken;
  }

  async signOut(): Promise<Result<void>> {
    const ended = await this.endSession();
    if (!ended.ok) return ended;
    this.#home.engine.signOut();
    await this.#askServer();
    return done(undefined);
  }

  /** At the server, where the cookie is valid as long as it is not told. A session that is over already is as good. */
  async endSession(): Promise<Result<void>> {
    const ended = await signOut(this.#home.connection, this.#signal);
    return !ended.ok && (ended.failure.code === 'session_revoked' || ended.failure.code === 'signed_out') ? done(undefined) : ended;
  }

  /** A new session of the same device: only who knows the password gets one. */
  async confirmPassword(password: string): Promise<Result<void>> {
    const identity = this.#home.engine.identity();
    if (identity === null) return failed('signed_out');
    const session = await signIn(this.#home.connection, { email: identity.account.email, password }, this.#introduction(), this.#signal);
    return session.ok ? done(undefined) : session;
  }

  async inviteDevice(): Promise<Result<Link>> {
    return (await invitations()).linkDevice(this.#home.connection, this.#home.server, this.#signal);
  }

  async invitePerson(person: { readonly email: string; readonly plan: PlanName }): Promise<Result<Link>> {
    return (await invitations()).invitePerson(this.#home.connection, this.#home.server, person, this.#signal);
  }

  async join(code: string): Promise<Result<void>> {
    return this.#take(await (await invitations()).joinBy(this.#home.connection, code, this.#introduction(), this.#signal));
  }

  async acceptInvitation(code: string, who: { readonly name: string; readonly password: string }): Promise<Result<void>> {
    return this.#take(await (await invitations()).acceptBy(this.#home.connection, code, who, this.#introduction(), this.#signal));
  }

  #introduction(): DeviceIntroduction {
    const { engine } = this.#home;
    const known = engine.identity()?.device;
    // Without an id the server gives a new one; what is queued is numbered anew for it.
    const id = engine.isIdentityTaken() ? undefined : known?.id;
    return { name: known?.name ?? deviceName(navigator.userAgent), kind: 'browser', ...(id === undefined ? {} : { id }) };
  }

  /** @param asked what the server said of this device's numbers, where it was asked already. */
  async #enrol(session: Session, asked: Early['queue'] = null): Promise<Result<void>> {
    const { engine, server, ports, ahead } = this.#home;
    const [library] = session.libraries;
    if (library === undefined) return failed('not_found', { detail: 'the account has no library' });
    const isNew = engine.identity() === null;
    if (isNew) ahead.begin(library.id, this.#signal);
    // A device whose database is gone goes on with the numbers that the server knows of it (rule M1).
    const queue = isNew ? (asked ?? (await askQueue(ports.server, library, this.#signal))) : null;
    if (queue?.ok === false) return queue;
    const signedIn = engine.signIn({ server, account: session.account, device: { id: session.device.id, name: session.device.name }, library: { id: library.id, name: library.name } });
    if (!signedIn.ok) return signedIn;
    if (queue !== null && queue.value.lastNumber > 0) engine.restore({ lastNumber: queue.value.lastNumber, settings: {}, operations: [] });
    this.fault = null;
    this.refresh();
    return done(undefined);
  }

  /** Whether somebody has to sign in, or to set the server up; a cookie that still opens the library is enough. */
  async #askServer(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const { connection, engine, ports } = this.#home;
    try {
      while (!this.#signal.aborted && !this.#isSignedIn()) {
        const health = await askHealth(connection, this.#signal);
        const remembered = engine.identity();
        if (health.ok) {
          this.fault = null;
          if (health.value.setup === 'needed') return this.#isNobodys({ phase: 'set_up' });
          if (remembered === null) {
            const session = await askFor(connection, Session, { method: 'GET', path: '/api/v1/session', signal: this.#signal });
            if (session.ok && (await this.#enrol(session.value)).ok) return;
          }
          return this.#isNobodys({ phase: 'signed_out', remembered: remembered && memberOf(remembered) });
        }
        this.fault = { failure: health.failure, since: this.fault?.since ?? ports.clock.now() };
        this.#isNobodys({ phase: 'signed_out', remembered: remembered && memberOf(remembered) });
        await ports.clock.sleep(ASK_AGAIN_MS, this.#signal);
      }
    } finally {
      this.#asking = false;
    }
  }

  /** What was shown of a session before it was stored goes with it: another person may sign in next. */
  #isNobodys(state: SessionState): void {
    const { engine, ahead, catalogue } = this.#home;
    if (engine.identity() === null) {
      ahead.stop();
      catalogue.forgetAhead();
    }
    this.state.set(state);
  }

  #isSignedIn(): boolean {
    return this.#home.engine.identity() !== null && this.#home.engine.isSignedIn();
  }
}

function memberOf({ account, library, device, server }: Identity): Member {
  return { account, library, device, server };
}
