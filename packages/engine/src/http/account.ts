import { type DeviceIntroduction, Health, PROTOCOL, SignedIn } from '@everroll/protocol';
import { type Result, done, failed } from '../ports/failure.ts';
import { readNothing } from './answer.ts';
import { type Connection, faultOf } from './connection.ts';
import { askFor } from './server-client.ts';

/** Whether Everroll itself answers: the nonce comes back only from it, not from a portal or a cache. */
export async function askHealth(connection: Connection, signal: AbortSignal): Promise<Result<Health>> {
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const health = await askFor(connection, Health, { method: 'GET', path: `/api/v1/health?nonce=${nonce}`, signal });
  if (!health.ok) return health;
  if (health.value.nonce !== nonce) return failed('proxy_interferes', { detail: 'an older answer of the server came back' });
  if (health.value.protocol.max < PROTOCOL.min) return failed('server_too_old');
  if (health.value.protocol.min > PROTOCOL.max) return failed('client_too_old');
  return health;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export function signIn(connection: Connection, credentials: Credentials, device: DeviceIntroduction, signal: AbortSignal): Promise<Result<SignedIn>> {
  return askFor(connection, SignedIn, { method: 'POST', path: '/api/v1/session', json: { ...credentials, device }, signal });
}

/** Creates the owner's account, once, with the code that the server printed. */
export function setUp(connection: Connection, owner: Credentials & { readonly code: string; readonly name: string }, signal: AbortSignal): Promise<Result<void>> {
  return askNothing(connection, '/api/v1/setup', 'POST', owner, signal);
}

/** Ends this device's session. The device stays known, with its queue's numbers. */
export function signOut(connection: Connection, signal: AbortSignal): Promise<Result<void>> {
  return askNothing(connection, '/api/v1/session', 'DELETE', undefined, signal);
}

/** Asks for something of which only the success matters. */
export async function askNothing(connection: Connection, path: string, method: 'POST' | 'DELETE', json: unknown, signal: AbortSignal): Promise<Result<void>> {
  const answer = await connection.call({ method, path, json, signal });
  if (!answer.ok) return answer;
  try {
    const read = await readNothing(answer.value);
    return read.ok ? done(undefined) : read;
  } catch (error) {
    return { ok: false, failure: faultOf(connection, error, signal) };
  }
}
