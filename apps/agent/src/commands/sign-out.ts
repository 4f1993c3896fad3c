import { signOut } from '@everroll/engine/http';
import { readSession, writeSession } from '../home/session-file.ts';
import { type Context, withDevice } from './context.ts';
import { type Outcome, succeeded } from './outcome.ts';

/** Ends the session. What waits to be sent, the replica and every file stay. */
export function signOutCommand(context: Context): Promise<Outcome> {
  return withDevice(context, async (device) => {
    const session = readSession(context.home.session);
    // A server that is away does not keep anybody signed in here; its session is then left to be revoked from another device.
    const told = session?.token ? await signOut(device.connection, context.signal) : undefined;
    if (session !== null) writeSession(context.home.session, { ...session, token: null });
    device.engine.signOut();
    const { atRisk } = device.engine.status();
    const isTold = told === undefined || told.ok;
    return succeeded({ signedOut: true, serverTold: isTold, atRisk }, [
      'Signed out. What waits is kept for the next sign-in.',
      ...(isTold ? [] : ['The server could not be told; end this device’s session from another device.']),
      ...(atRisk.items === 0 ? [] : [`${atRisk.items} items on this device are not on the server yet.`]),
    ]);
  });
}
