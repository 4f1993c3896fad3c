import type { ConnectionReport, Layer, Probed, Result } from '@everroll/engine';
import { askFor, askHealth } from '@everroll/engine/http';
import { type ReasonCode, Session } from '@everroll/protocol';
import { type Address, connect } from '../../ports/http/connection.ts';
import { lookAtEcho } from './echo.ts';
import { broken, fine, type Finding, layer, untold } from './layer.ts';
import { bare, lookAtGateway, lookAtInterface, lookAtPort, lookOutside, lookUp } from './network.ts';
import { lookAtCertificate } from './tls.ts';

/** One that holds what it says until all is in takes longer than a layer of the network. */
const ECHO_MAX_MS = 5_000;

/**
 * The way to the server from this machine outwards, layer by layer, on connections of its own: each
 * is asked only if those before it hold, and says how long it took.
 * @param outside `HOST:PORT`, only where the person allowed it
 */
export async function probeConnection(address: Address | null, outside: string | null, signal: AbortSignal): Promise<Probed<ConnectionReport>> {
  if (address === null) return { known: false, why: 'This device is not signed in, so there is no server to ask.' };
  const layers: Layer[] = [];
  const connection = connect(() => address, { connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000 });
  try {
    for await (const found of way(address, signal, connection)) layers.push(found);
    if (outside !== null) layers.push(await layer('outside', signal, broken('offline', {}, { address: outside }), (within) => lookOutside(outside, within)));
    return { known: true, value: { layers } };
  } finally {
    await connection.close();
  }
}

async function* way(address: Address, signal: AbortSignal, connection: ReturnType<typeof connect>): AsyncGenerator<Layer> {
  const url = new URL(address.url);
  const host = bare(url.hostname);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));

  const own = await layer('interface', signal, untold(), () => lookAtInterface(host));
  yield own;
  if (own.outcome === 'failed') return;
  // Whether the router answers decides nothing by itself: a server in the same network needs none.
  yield await layer('gateway', signal, untold(), (within) => lookAtGateway(host, within));

  let addresses: readonly string[] = [];
  const name = await layer('dns', signal, broken('dns_failed', {}, { name: host }), async () => {
    const resolved = await lookUp(host);
    ({ addresses } = resolved);
    return resolved.found;
  });
  yield name;
  const [target] = addresses;
  if (name.outcome === 'failed' || target === undefined) return;

  // A name may have several addresses, of which one that answers is enough.
  let reached = target;
  const tcp = await layer('tcp', signal, broken('server_unreachable', { port }), async (within) => {
    let found: Finding = broken('server_unreachable', { port });
    for (const each of addresses) {
      found = await lookAtPort(each, port, within);
      reached = each;
      if (found.outcome === 'ok') break;
    }
    return found;
  });
  yield tcp;
  if (tcp.outcome === 'failed') return;

  if (url.protocol === 'https:') {
    const tls = await layer('tls', signal, broken('server_unreachable', { port }), (within) => lookAtCertificate(host, reached, port, within));
    yield tls;
    if (tls.outcome === 'failed') return;
  } else yield { layer: 'tls', outcome: 'skipped', ms: 0, code: null, facts: { encrypted: false }, names: {} };

  const health = await layer('health', signal, broken('server_unreachable'), async (within) => {
    const answer = await askHealth(connection, within);
    return answer.ok ? fine({ program: answer.value.version, protocolMin: answer.value.protocol.min, protocolMax: answer.value.protocol.max }) : failedBy(answer);
  });
  yield health;
  if (health.outcome === 'failed') return;

  const session = await layer('session', signal, broken('server_unreachable'), async (within) => {
    const answer = await askFor(connection, Session, { method: 'GET', path: '/api/v1/session', signal: within });
    return answer.ok ? fine() : failedBy(answer);
  });
  yield session;
  if (session.outcome === 'failed') return;
  yield await layer('echo', signal, broken('proxy_interferes', { answered: false }), (within) => lookAtEcho(connection, address, within), ECHO_MAX_MS);
}

function failedBy({ failure }: Extract<Result<unknown>, { ok: false }>): Finding {
  const code: ReasonCode = failure.code;
  return broken(code, {}, failure.evidence.detail === undefined ? {} : { detail: failure.evidence.detail });
}
