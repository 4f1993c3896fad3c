import { type Result, done } from '@everroll/engine';
import { acceptInvitation, askFor, type Connection, invite, signIn } from '@everroll/engine/http';
import { type DeviceIntroduction, DeviceLink, type PlanName, SignedIn } from '@everroll/protocol';
import type { Link } from '../contract/session.ts';

/** Codes that open the library to another device, or the server to another person. */

export async function linkDevice(connection: Connection, server: string, signal: AbortSignal): Promise<Result<Link>> {
  const made = await askFor(connection, DeviceLink, { method: 'POST', path: '/api/v1/device-links', signal });
  return made.ok ? done({ url: `${server}/join/${made.value.code}`, expiresAt: made.value.expiresAt }) : made;
}

export function joinBy(connection: Connection, code: string, device: DeviceIntroduction, signal: AbortSignal): Promise<Result<SignedIn>> {
  return askFor(connection, SignedIn, { method: 'POST', path: '/api/v1/device-links/join', json: { code, device }, signal });
}

export async function invitePerson(connection: Connection, server: string, person: { readonly email: string; readonly plan: PlanName }, signal: AbortSignal): Promise<Result<Link>> {
  const made = await invite(connection, person, signal);
  return made.ok ? done({ url: `${server}/invitation/${made.value.code}`, expiresAt: made.value.expiresAt }) : made;
}

/** Makes the account that the invitation is for, and signs in to it. */
export async function acceptBy(connection: Connection, code: string, who: { readonly name: string; readonly password: string }, device: DeviceIntroduction, signal: AbortSignal): Promise<Result<SignedIn>> {
  const account = await acceptInvitation(connection, { code, ...who }, signal);
  return account.ok ? await signIn(connection, { email: account.value.email, password: who.password }, device, signal) : account;
}
