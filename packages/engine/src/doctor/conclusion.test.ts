import { expect, test } from 'vitest';
import { conclude, type Conclusion } from './conclusion.ts';
import type { Layer, LayerName } from './probes.ts';

const layer = (name: LayerName, outcome: Layer['outcome'], code: Layer['code'] = null): Layer => ({ layer: name, outcome, code, ms: 1, facts: {}, names: {} });
const good = (...names: LayerName[]): Layer[] => names.map((name) => layer(name, 'ok'));

const cases: readonly (readonly [what: string, layers: readonly Layer[], conclusion: Partial<Conclusion>])[] = [
  ['every layer answers', good('interface', 'gateway', 'dns', 'tcp', 'tls', 'health', 'session', 'echo'), { kind: 'reaches' }],
  ['a gateway that cannot be asked decides nothing', [layer('gateway', 'unknown'), ...good('interface', 'dns', 'tcp', 'tls', 'health', 'session', 'echo')], { kind: 'reaches' }],
  ['a gateway that does not answer decides nothing while the server does', [layer('gateway', 'failed', 'offline'), ...good('interface', 'dns', 'tcp', 'tls', 'health', 'session', 'echo')], { kind: 'reaches' }],
  ['no interface', [layer('interface', 'failed', 'offline')], { kind: 'breaks', layer: 'interface', code: 'offline', where: 'this_device' }],
  ['the router is away', [...good('interface'), layer('gateway', 'failed', 'offline'), layer('dns', 'failed', 'dns_failed')], { kind: 'breaks', layer: 'dns', code: 'offline', where: 'local_network' }],
  ['the internet is down', [...good('interface', 'gateway'), layer('dns', 'failed', 'dns_failed'), layer('outside', 'failed', 'offline')], { kind: 'breaks', code: 'offline', where: 'internet' }],
  ['only your server is down', [...good('interface', 'gateway', 'dns'), layer('tcp', 'failed', 'server_unreachable'), layer('outside', 'ok')], { kind: 'breaks', code: 'server_unreachable', where: 'only_the_server' }],
  ['nobody was asked outside', [...good('interface', 'gateway', 'dns'), layer('tcp', 'failed', 'server_unreachable')], { kind: 'breaks', code: 'server_unreachable', where: 'beyond_this_network' }],
  ['on this very machine', [layer('interface', 'skipped'), layer('tcp', 'failed', 'server_unreachable')], { kind: 'breaks', where: 'only_the_server' }],
  ['a captive portal', [...good('interface', 'gateway', 'dns', 'tcp', 'tls'), layer('health', 'failed', 'captive_portal')], { kind: 'breaks', code: 'captive_portal', where: 'local_network' }],
  ['a proxy limits bodies', [...good('interface', 'gateway', 'dns', 'tcp', 'tls', 'health', 'session'), layer('echo', 'failed', 'proxy_interferes')], { kind: 'breaks', code: 'proxy_interferes', where: 'in_between' }],
  ['a session that has ended is no fault of the connection, and what needs one was not tried', [...good('interface', 'gateway', 'dns', 'tcp', 'tls', 'health'), layer('session', 'failed', 'session_revoked')], { kind: 'unknown' }],
  ['it was not asked to its end', good('interface', 'gateway', 'dns', 'tcp'), { kind: 'unknown' }],
  ['layers that a browser cannot look at are proved by the answer above them', [...good('interface'), layer('dns', 'unknown'), layer('tcp', 'unknown'), layer('tls', 'unknown'), ...good('health', 'session', 'echo')], { kind: 'reaches' }],
  ['layers that were not looked at are open where nothing above them answers', [...good('interface'), layer('dns', 'unknown'), layer('tcp', 'unknown')], { kind: 'unknown', why: 'The way to the server was not tried to its end: dns.' }],
  ['nothing was asked', [], { kind: 'unknown' }],
];

test.each(cases)('%s', (_what, layers, conclusion) => {
  expect(conclude(layers)).toMatchObject(conclusion);
});
