import type { ReasonCode } from '@everroll/protocol';
import type { Surroundings } from '../contract/session.ts';
import type { Home } from './home.ts';
import type { SessionDesk } from './session.ts';

/** What a fault of the way to the server is called, rather than one of the session or the device. */
const ofTheWay: ReadonlySet<ReasonCode> = new Set(['offline', 'captive_portal', 'dns_failed', 'server_unreachable', 'tls_invalid', 'proxy_interferes', 'rate_limited', 'server_maintenance']);

/** What surrounds this device, but for which tab asks. */
export function surroundingsOf({ engine, ports, persisted, catalogue }: Home, desk: SessionDesk, space: Surroundings['space'], durable: boolean | null): Omit<Surroundings, 'role'> {
  const { reasons, cursor } = engine.status();
  const held = reasons.find(({ code }) => ofTheWay.has(code));
  const fault = held === undefined ? desk.fault && { code: desk.fault.failure.code, since: desk.fault.since } : { code: held.code, since: held.since };
  return { online: ports.conditions().online, fault, persisted, durable, space, firstSync: cursor === null && engine.isSignedIn() ? { assets: catalogue.size } : null };
}

/** What the browser says of its store, which it counts slowly. */
export async function spaceOf(): Promise<{ readonly space: Surroundings['space']; readonly durable: boolean | null }> {
  const estimate = await navigator.storage?.estimate().catch(() => undefined);
  const durable = (await navigator.storage?.persisted().catch(() => null)) ?? null;
  return { space: estimate?.usage === undefined || estimate.quota === undefined ? null : { usedBytes: estimate.usage, quotaBytes: estimate.quota }, durable };
}
