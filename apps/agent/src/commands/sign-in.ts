import { done, type Identity, type Result } from '@everroll/engine';
import type { SignedIn } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { deviceName, enrol } from '../device/enrol.ts';
import { readSession } from '../home/session-file.ts';
import { askHealth, setUp, signIn, signOut } from '@everroll/engine/http';
import { parseAddress } from '../ports/http/address.ts';
import { connect, type Connection } from '../ports/http/connection.ts';
import { acceptInvitation, resetPassword } from '@everroll/engine/http';
import { tone } from '../output/terminal.ts';
import { askPassword } from './ask-password.ts';
import { type Context, withDevice } from './context.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

export interface SignInOptions {
  readonly email?: string;
  readonly createAccount?: boolean;
  readonly setupCode?: string;
  readonly invitation?: string;
  readonly resetCode?: string;
  readonly name?: string;
  readonly deviceName?: string;
}

/** Signs this device in; with `--create-account`, makes the owner's account first. */
export function signInCommand(context: Context, address: string | undefined, options: SignInOptions): Promise<Outcome> {
  return withDevice(context, async (device) => {
    const server = parseAddress(address ?? readSession(context.home.session)?.server ?? '');
    if (server === undefined) return wrongUse(address === undefined ? 'Name the server’s address: everroll sign-in ADDRESS --email YOU@EXAMPLE.COM' : `${address} is not the address of a server.`);
    if (options.createAccount === true && options.setupCode === undefined) return wrongUse('The owner’s account needs the code that the server printed when it started: --setup-code CODE');
    if (options.invitation !== undefined && options.name === undefined) return wrongUse('Say what you are called, for the new account: --name "YOUR NAME"');
    const email = options.email ?? device.engine.identity()?.account.email;
    if (email === undefined && options.invitation === undefined) return wrongUse('Say whose account it is: everroll sign-in ADDRESS --email YOU@EXAMPLE.COM');
    const isNew = options.createAccount === true || options.invitation !== undefined || options.resetCode !== undefined;
    const secret = await askPassword(context, 'EVERROLL_PASSWORD', isNew ? 'A new password' : 'Password');
    if (secret === undefined) return wrongUse('No password: there is no terminal to ask on, and EVERROLL_PASSWORD is not set.');
    const signedIn = await signInTo(device, server, secret, { ...options, ...(email === undefined ? {} : { email }) }, context.signal);
    if (!signedIn.ok) return failedWith(signedIn.failure);
    const { account, library, device: own } = signedIn.value;
    return succeeded({ server, account, library, device: own }, [
      `${tone('Signed in', 'good')} as ${tone(account.email, 'strong')} at ${server}.`,
      `This device is ${own.name}; its library is ${library.name}.`,
      ...(device.engine.sources().length === 0 ? ['', 'Say where this device’s photos are: everroll source add FOLDER'] : []),
    ]);
  });
}

async function signInTo(device: Device, server: string, secret: string, options: SignInOptions, signal: AbortSignal): Promise<Result<Identity>> {
  const connection = connect(() => ({ url: server, token: null }));
  try {
    const health = await askHealth(connection, signal);
    if (!health.ok) return health;
    const ready = await readyAccount(connection, options, secret, signal);
    if (!ready.ok) return ready;
    const email = ready.value;
    // Without an id the server gives a new one; what is queued is numbered anew for it.
    const id = device.engine.isIdentityTaken() ? undefined : device.engine.identity()?.device.id;
    const session = await signIn(connection, { email, password: secret }, { name: options.deviceName ?? device.engine.identity()?.device.name ?? deviceName(), kind: 'agent', ...(id === undefined ? {} : { id }) }, signal);
    return session.ok ? await keep(device, server, session.value, signal) : session;
  } finally {
    await connection.close();
  }
}

/** What comes before the first sign-in, or the first with a new password. @returns whose account it is. */
async function readyAccount(connection: Connection, { email = '', name, createAccount, setupCode = '', invitation, resetCode }: SignInOptions, secret: string, signal: AbortSignal): Promise<Result<string>> {
  const called = name ?? email.split('@', 1)[0] ?? email;
  if (createAccount === true) {
    const made = await setUp(connection, { code: setupCode, email, name: called, password: secret }, signal);
    if (!made.ok) return made;
  }
  if (invitation !== undefined) {
    const made = await acceptInvitation(connection, { code: invitation, name: called, password: secret }, signal);
    return made.ok ? done(made.value.email) : made;
  }
  if (resetCode !== undefined) {
    const made = await resetPassword(connection, { code: resetCode, password: secret }, signal);
    if (!made.ok) return made;
  }
  return done(email);
}

/** A session that cannot be used here is ended at once. */
async function keep(device: Device, server: string, session: SignedIn, signal: AbortSignal): Promise<Result<Identity>> {
  const enrolled = enrol(device, server, session, session.token);
  if (!enrolled.ok) {
    const connection = connect(() => ({ url: server, token: session.token }));
    await signOut(connection, signal);
    await connection.close();
  }
  return enrolled;
}
