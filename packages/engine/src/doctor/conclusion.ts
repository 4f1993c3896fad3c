import type { ReasonCode } from '@everroll/protocol';
import type { Layer, LayerName } from './probes.ts';

/** What the layers of a connection say together: where it breaks, and in whose part of the way. */
export type Conclusion =
  | { readonly kind: 'reaches' }
  | { readonly kind: 'breaks'; readonly layer: LayerName; readonly code: ReasonCode; readonly where: Where }
  /** As far as it was asked it holds, and it was not asked to the end. */
  | { readonly kind: 'unknown'; readonly why: string };

export type Where =
  | 'this_device'
  | 'local_network'
  /** The outside address does not answer either. */
  | 'internet'
  /** The outside address answers. */
  | 'only_the_server'
  /** The outside address was not asked. */
  | 'beyond_this_network'
  | 'in_between';

/** Who is signed in is no fault of the connection: the answer came through. */
const aboutTheAccount: ReadonlySet<ReasonCode> = new Set(['signed_out', 'session_revoked', 'account_disabled', 'duplicate_device_identity', 'client_too_old', 'server_too_old']);

const way: readonly LayerName[] = ['interface', 'dns', 'tcp', 'tls', 'health', 'session', 'echo'];

export function conclude(layers: readonly Layer[]): Conclusion {
  const at = (name: LayerName): Layer | undefined => layers.find(({ layer }) => layer === name);
  for (const name of way) {
    const layer = at(name);
    if (layer?.outcome !== 'failed' || layer.code === null) continue;
    if (aboutTheAccount.has(layer.code)) return { kind: 'unknown', why: 'The server answers, but not to this device’s session: what needs one was not tried.' };
    return { kind: 'breaks', layer: name, ...blame(name, layer.code, at('interface')?.outcome === 'skipped', at('gateway'), at('outside')) };
  }
  // What answers proves the layers below it, also those that a device cannot look at: a browser sees neither DNS nor TCP.
  const proved = way.findLastIndex((name) => at(name)?.outcome === 'ok');
  const open = way.slice(proved + 1).find((name) => at(name) === undefined || at(name)?.outcome === 'unknown');
  return open === undefined ? { kind: 'reaches' } : { kind: 'unknown', why: `The way to the server was not tried to its end: ${open}.` };
}

/** The gateway and the outside address tell only who is to blame: a server in the same network needs neither. */
function blame(layer: LayerName, code: ReasonCode, onThisMachine: boolean, gateway: Layer | undefined, outside: Layer | undefined): { code: ReasonCode; where: Where } {
  switch (layer) {
    case 'interface':
      return { code, where: 'this_device' };
    case 'dns':
    case 'tcp':
      if (onThisMachine || outside?.outcome === 'ok') return { code, where: 'only_the_server' };
      if (gateway?.outcome === 'failed') return { code: 'offline', where: 'local_network' };
      if (outside?.outcome === 'failed') return { code: 'offline', where: 'internet' };
      return { code, where: 'beyond_this_network' };
    case 'tls':
      return { code, where: 'only_the_server' };
    default:
      return { code, where: code === 'captive_portal' ? 'local_network' : code === 'proxy_interferes' ? 'in_between' : 'only_the_server' };
  }
}
