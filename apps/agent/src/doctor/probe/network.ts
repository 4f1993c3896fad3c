import { readFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { defaultGateway, isArpComplete } from './routes.ts';
import { broken, fine, type Finding, skipped, untold } from './layer.ts';

/** Whether this machine has an address at all; a server on this very machine needs none. */
export async function lookAtInterface(host: string): Promise<Finding> {
  if (isLoopback(host)) return skipped({ loopback: true });
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []).filter(({ internal }) => !internal);
  const facts = { ipv4: addresses.filter(({ family }) => family === 'IPv4').length, ipv6: addresses.filter(({ family }) => family === 'IPv6').length };
  return addresses.length === 0 ? broken('offline', facts) : fine(facts);
}

/** The port of RFC 863, which nobody serves: refusing it is an answer as good as any. */
const DISCARD_PORT = 9;

/**
 * Whether the router answers. Without the rights for ICMP: a connection that is refused shows that
 * it is there, and so does its entry among the neighbours (`ip(8)`, `/proc/net/arp`) where it lets
 * connections fall silently.
 */
export async function lookAtGateway(host: string, signal: AbortSignal): Promise<Finding> {
  if (isLoopback(host)) return skipped({ loopback: true });
  if (process.platform !== 'linux') return untold({ platform: process.platform });
  const routes = await readFile('/proc/net/route', 'utf8').catch(() => undefined);
  if (routes === undefined) return untold({ platform: process.platform });
  const gateway = defaultGateway(routes);
  if (gateway === undefined) return untold({ defaultRoute: false });
  const answer = await reach(gateway, DISCARD_PORT, signal);
  if (answer === 'connected' || answer === 'ECONNREFUSED') return fine({ by: 'connection' }, { address: gateway });
  if (answer === 'ENETUNREACH') return broken('offline', { error: answer }, { address: gateway });
  const neighbours = await readFile('/proc/net/arp', 'utf8').catch(() => '');
  const complete = isArpComplete(neighbours, gateway);
  if (complete === true) return fine({ by: 'neighbours' }, { address: gateway });
  if (answer === 'EHOSTUNREACH' || complete === false) return broken('offline', { error: answer }, { address: gateway });
  return untold({ error: answer });
}

/** The gateway's silence must not be waited for to its end: its neighbours' entry tells before. */
const GATEWAY_MS = 1_500;

async function reach(host: string, port: number, signal: AbortSignal): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connectSocket({ host, port, timeout: GATEWAY_MS });
    const end = (how: string): void => {
      socket.destroy();
      resolve(how);
    };
    socket.once('connect', () => end('connected'));
    socket.once('timeout', () => end('ETIMEDOUT'));
    socket.once('error', (error) => end('code' in error ? String(error.code) : 'error'));
    signal.addEventListener('abort', () => end('ETIMEDOUT'), { once: true });
  });
}

export interface Resolved {
  readonly found: Finding;
  readonly addresses: readonly string[];
}

/** By the same calls as every connection: `/etc/hosts` and the system's own resolver count. */
export async function lookUp(host: string): Promise<Resolved> {
  if (isIP(host) !== 0) return { found: skipped({ literal: true }), addresses: [host] };
  try {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address);
    return { found: fine({ addresses: addresses.length }, { name: host, addresses: addresses.join(', ') }), addresses };
  } catch (error) {
    return { found: broken('dns_failed', { error: codeOf(error) }, { name: host }), addresses: [] };
  }
}

export async function lookAtPort(host: string, port: number, signal: AbortSignal): Promise<Finding> {
  return await new Promise((resolve) => {
    const socket = connectSocket({ host, port });
    const end = (found: Finding): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(fine({ port })));
    socket.once('error', (error) => end(broken(codeOf(error) === 'ENETUNREACH' ? 'offline' : 'server_unreachable', { port, error: codeOf(error) })));
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}

/** The one address outside that a person allowed: whether the internet is there. */
export async function lookOutside(address: string, signal: AbortSignal): Promise<Finding> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const host = bare(hostname);
  const { found, addresses } = await lookUp(host);
  const [first] = addresses;
  if (first === undefined) return { ...found, names: { address } };
  const answer = await lookAtPort(first, Number(port || 443), signal);
  return { ...answer, names: { address } };
}

/** An IPv6 address stands in brackets in a URL. */
export const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'error';
}
