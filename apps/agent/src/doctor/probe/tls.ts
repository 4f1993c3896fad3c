import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type PeerCertificate } from 'node:tls';
import { broken, fine, type Finding } from './layer.ts';
import { codeOf } from './network.ts';

/** Of a certificate that is about to end its owner learns before it does. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** The certificate as it is shown to this device, and whether it holds: issuer, end, names. */
export async function lookAtCertificate(host: string, address: string, port: number, signal: AbortSignal): Promise<Finding> {
  return await new Promise((resolve) => {
    // Whatever is shown is looked at; nothing is sent through a connection that does not hold.
    const socket = connect({ host: address, port, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) });
    const end = (found: Finding): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate();
      const { facts, names } = described(certificate);
      const error: unknown = socket.authorizationError;
      if (socket.authorized) end(fine({ ...facts, protocol: socket.getProtocol() }, names));
      else end(broken('tls_invalid', { ...facts, error: error instanceof Error ? codeOf(error) : String(error) }, names));
    });
    socket.once('error', (error) => {
      const code = codeOf(error);
      end(code === 'ECONNRESET' || code === 'ECONNREFUSED' ? broken('server_unreachable', { error: code }) : broken('tls_invalid', { error: code }));
    });
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}

function described(certificate: PeerCertificate | DetailedPeerCertificate): { facts: Record<string, number | boolean | string>; names: Record<string, string> } {
  if (!certificate.valid_to) return { facts: { certificate: false }, names: {} };
  const end = Date.parse(certificate.valid_to);
  const issuer = certificate.issuer.O ?? certificate.issuer.CN ?? '';
  return {
    facts: { daysLeft: Math.floor((end - Date.now()) / DAY_MS), validTo: new Date(end).toISOString().slice(0, 10), selfSigned: certificate.issuer.CN === certificate.subject.CN && certificate.issuer.O === certificate.subject.O },
    names: { issuer: String(issuer), subject: String(certificate.subject.CN ?? ''), names: certificate.subjectaltname ?? '' },
  };
}
