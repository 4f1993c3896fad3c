import { hostname } from 'node:os';
import { type Identity, type Result, done, failed } from '@everroll/engine';
import type { Session } from '@everroll/protocol';
import { writeSession } from '../home/session-file.ts';
import type { Device } from './device.ts';

/** What a device is called until a person names it. */
export const deviceName = (): string => hostname().slice(0, 100) || 'computer';

/** Makes a session that a server gave this device's own. Fails with `wrong_account` and leaves all as it was. */
export function enrol(device: Device, server: string, session: Session, token: string): Result<Identity> {
  const [library] = session.libraries;
  if (library === undefined) return failed('not_found', { detail: 'the account has no library' });
  const identity: Identity = {
    server,
    account: session.account,
    device: { id: session.device.id, name: session.device.name },
    library: { id: library.id, name: library.name },
  };
  const known = device.engine.identity();
  if (known !== null && known.account.id !== identity.account.id) return failed('wrong_account', { detail: `${known.account.email} at ${known.server}` });
  // The file first: from the moment at which the engine is signed in, its calls have a token.
  writeSession(device.home.session, { server, token });
  const signedIn = device.engine.signIn(identity);
  return signedIn.ok ? done(identity) : signedIn;
}
