import { networkInterfaces } from 'node:os';
import { type Failure, TransferError } from '@everroll/engine';
import type { ReasonCode } from '@everroll/protocol';

const byCode: Readonly<Record<string, ReasonCode>> = {
  ENOTFOUND: 'dns_failed',
  EAI_AGAIN: 'dns_failed',
  EAI_FAIL: 'dns_failed',
  EAI_NODATA: 'dns_failed',
  ENETUNREACH: 'offline',
  ENETDOWN: 'offline',
  EADDRNOTAVAIL: 'offline',
  ECONNREFUSED: 'server_unreachable',
  ECONNRESET: 'server_unreachable',
  ECONNABORTED: 'server_unreachable',
  EHOSTUNREACH: 'server_unreachable',
  EHOSTDOWN: 'server_unreachable',
  ETIMEDOUT: 'server_unreachable',
  EPIPE: 'server_unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'server_unreachable',
  UND_ERR_HEADERS_TIMEOUT: 'server_unreachable',
  UND_ERR_BODY_TIMEOUT: 'server_unreachable',
  UND_ERR_SOCKET: 'server_unreachable',
  UND_ERR_CLOSED: 'server_unreachable',
  UND_ERR_DESTROYED: 'server_unreachable',
  UND_ERR_INFO: 'server_unreachable',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'server_unreachable',
  // What answers speaks TLS otherwise than it should, or not at all.
  EPROTO: 'tls_invalid',
  UND_ERR_HEADERS_OVERFLOW: 'proxy_interferes',
  // A body that is not compressed as it says.
  Z_DATA_ERROR: 'proxy_interferes',
  Z_BUF_ERROR: 'proxy_interferes',
};

/** OpenSSL's and Node's names for a certificate that does not hold. */
const tls = /^(?:CERT_|ERR_TLS|ERR_SSL|ERR_OSSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|CRL_|PATH_LENGTH|ERROR_IN_CERT)/;

/**
 * What a connection that failed is called. Anything that is no fault of a connection is a defect and
 * gives undefined. `TransferError` is a fault of the file that was being sent.
 */
export function connectionFault(error: unknown): Failure | undefined {
  for (const cause of causesOf(error)) {
    if (cause instanceof TransferError) return { code: cause.code, evidence: { detail: cause.message } };
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
    const reason = tls.test(code) ? 'tls_invalid' : cause.name === 'HTTPParserError' ? 'proxy_interferes' : byCode[code];
    if (reason !== undefined) return { code: reason === 'dns_failed' && !hasNetwork() ? 'offline' : reason, evidence: { detail: `${code}: ${cause.message}` } };
  }
  return undefined;
}

/** Whether any interface but the loopback has an address. */
export function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal) ?? false);
}

/** An error, what caused it, and the tries of several addresses that are bundled in one. */
function* causesOf(error: unknown, depth = 0): Generator<Error> {
  if (!(error instanceof Error) || depth > 5) return;
  yield error;
  if (error instanceof AggregateError) for (const one of error.errors) yield* causesOf(one, depth + 1);
  yield* causesOf(error.cause, depth + 1);
}
