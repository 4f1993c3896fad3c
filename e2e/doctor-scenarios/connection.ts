import { switchedLine } from '../harness/switched-line.ts';
import { cannotCutOff, withNetwork, withoutNetwork } from '../harness/network-namespace.ts';
import { selfSigned } from '../harness/self-signed.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { Ward } from '../harness/ward.ts';

const good = (ward: Ward): void => ward.line.switchTo({ kind: 'none' });
const answers = (ward: Ward, status: number, headers: Record<string, string> = {}, body = ''): void => ward.line.switchTo({ kind: 'answers', answer: (_request, response) => response.writeHead(status, headers).end(body) });
const HOTEL = '<!doctype html><title>Hotel</title><p>Welcome. Sign in to use the network.';

export const connection: readonly Scenario[] = [
  {
    code: 'offline',
    check: 'connection',
    cause: 'the device is taken off the network: a network namespace without a route',
    make: (ward) => withoutNetwork(ward),
    evidence: { layer: 'interface', where: 'this_device' },
    fix: 'connected again',
    mend: withNetwork,
    holdsItem: false,
    needs: cannotCutOff,
    proves: (ward) => ward.moveTo(ward.line.url),
  },
  {
    code: 'captive_portal',
    check: 'connection',
    cause: 'a hotel’s page comes with status 200 for every request',
    make: (ward) => answers(ward, 200, { 'content-type': 'text/html' }, HOTEL),
    evidence: { layer: 'health', where: 'local_network' },
    fix: 'signed in to the network',
    mend: good,
  },
  {
    code: 'captive_portal',
    check: 'connection',
    cause: 'every request is sent on to a portal with status 302',
    make: (ward) => answers(ward, 302, { location: 'http://portal.example/login' }),
    evidence: { layer: 'health', where: 'local_network' },
    fix: 'signed in to the network',
    mend: good,
  },
  {
    code: 'dns_failed',
    check: 'connection',
    cause: 'the server’s name cannot be looked up',
    make: (ward) => ward.moveTo(`http://no-such-server.invalid:${ward.line.port}`),
    evidence: { layer: 'dns' },
    fix: 'the right address',
    mend: (ward) => ward.moveTo(ward.line.url),
  },
  {
    code: 'server_unreachable',
    check: 'connection',
    cause: 'nothing listens at the server’s address',
    make: (ward) => ward.moveTo('http://127.0.0.1:9'),
    evidence: { layer: 'tcp', where: 'only_the_server' },
    fix: 'the right address',
    mend: (ward) => ward.moveTo(ward.line.url),
  },
  {
    code: 'server_unreachable',
    check: 'connection',
    cause: 'the server is stopped, and what stands before it cuts every connection',
    make: (ward) => ward.server.stop(),
    evidence: { layer: 'health', where: 'only_the_server' },
    fix: 'the server is started',
    mend: (ward) => ward.server.start(),
  },
  {
    code: 'tls_invalid',
    check: 'connection',
    cause: 'the server shows a certificate that it signed itself',
    make: async (ward) => {
      const certificate = selfSigned(ward.stage.path);
      const front = await switchedLine(() => ward.server.port, certificate);
      ward.atEnd(() => front.close());
      await ward.moveTo(front.url);
    },
    evidence: { layer: 'tls', where: 'only_the_server' },
    fix: 'the certificate is made a trusted one',
    mend: (ward) => void (ward.device.environment['NODE_EXTRA_CA_CERTS'] = selfSigned(ward.stage.path).path),
    proves: (ward) => ward.moveTo(ward.line.url),
  },
  {
    code: 'proxy_interferes',
    check: 'connection',
    cause: 'a proxy refuses bodies above 20 KB with 413',
    make: async (ward) => {
      await ward.addPhoto(ward.photo, 200_000);
      ward.line.switchTo({ kind: 'limits bodies', bytes: 20_000 });
    },
    evidence: { layer: 'echo', where: 'in_between' },
    fix: 'the proxy’s limit is raised',
    mend: good,
  },
  {
    code: 'proxy_interferes',
    check: 'connection',
    cause: 'a proxy refuses bodies above 1 MB, before any photo has met it',
    make: (ward) => ward.line.switchTo({ kind: 'limits bodies', bytes: 1_000_000 }),
    evidence: { layer: 'echo', where: 'in_between' },
    fix: 'the proxy’s limit is raised',
    mend: good,
    holdsItem: false,
  },
  {
    code: 'rate_limited',
    check: 'connection',
    cause: 'what stands before the server answers 429, and that it may be asked again in 20 s',
    make: (ward) => answers(ward, 429, { 'retry-after': '20' }),
    evidence: { layer: 'health', where: 'only_the_server' },
    fix: 'it answers again, and the doctor tries at once',
    mend: good,
  },
  {
    code: 'server_maintenance',
    check: 'connection',
    cause: 'a reverse proxy answers 503, as its Everroll is down',
    make: (ward) => answers(ward, 503),
    evidence: { layer: 'health', where: 'only_the_server' },
    fix: 'Everroll is started behind it',
    mend: good,
  },
  { code: 'mobile_data_off', check: 'connection', cause: 'a metered connection, and mobile data is off', make: (ward) => ward.set('conditions.metered=yes', 'mobile-data=off'), evidence: { gate: 'everroll' }, fix: 'the doctor lets what waits go this once, once the person agrees' },
  {
    code: 'mobile_data_off',
    check: 'connection',
    cause: 'a metered connection, and the system’s own switch for mobile data is off',
    make: (ward) => ward.set('conditions.metered=yes', 'conditions.mobile-data-allowed=no'),
    evidence: { gate: 'system' },
    fix: 'switched on in the system’s settings',
    mend: (ward) => ward.set('conditions.mobile-data-allowed=yes'),
  },
  {
    code: 'mobile_allowance_used',
    check: 'connection',
    cause: 'a metered connection, and the day’s allowance of 300 KB is used up',
    make: async (ward) => {
      await ward.set('conditions.metered=yes', 'mobile-allowance=300KB');
      await ward.addPhoto(ward.photo, 200_000);
      await ward.device.sync();
      await ward.addPhoto(`MORE-${ward.photo}`, 200_000);
    },
    evidence: { limitBytes: 300_000 },
    fix: 'the doctor allows the amount once more, once the person agrees',
  },
  { code: 'low_data_mode', check: 'connection', cause: 'Low Data Mode', make: (ward) => ward.set('conditions.low-data-mode=yes', 'conditions.metered=yes'), evidence: {}, fix: 'switched off in the system’s settings', mend: (ward) => ward.set('conditions.low-data-mode=no') },
  {
    code: 'metered_consent_needed',
    check: 'connection',
    cause: 'a photo of 51 MB was asked for on Wi-Fi, and now the connection is metered',
    make: async (ward) => {
      await ward.addPhoto(ward.photo, 51_000_000);
      await ward.set('conditions.metered=yes');
      await ward.device.run('sync');
      await ward.set('conditions.metered=no');
      await ward.device.ask(['ask', ward.pathOf()]);
      await ward.set('conditions.metered=yes');
    },
    evidence: { limitBytes: 50_000_000 },
    fix: 'the doctor lets it go this once, once the person agrees',
    without: 'sync',
  },
  { code: 'waiting_for_wifi', check: 'connection', cause: 'Wi-Fi only was chosen, and the connection is metered', make: (ward) => ward.set('conditions.metered=yes', 'power=wifi', 'unlimited-updates=on'), evidence: {}, fix: 'the doctor syncs for an hour' },
];
