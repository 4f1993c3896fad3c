import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { ECHO_BYTES, ECHO_PATH, PROBLEM_TYPE } from '@everroll/protocol';
import type { Address, Connection } from '../../ports/http/connection.ts';
import { broken, fine, type Finding } from './layer.ts';

/** One request of an upload: what a proxy must let through (effects/transfers.ts of the engine). */
const UPLOAD_BYTES = 16 * 1024 * 1024;
/** Sizes at which a limit is looked for, once the whole does not pass. */
const SMALLER = [32 * 1024, 16 * 1024, 4 * 1024, 1024] as const;

/** 64 KiB there and back, and whether a request of an upload's size would be let through. */
export async function lookAtEcho(connection: Connection, address: Address, signal: AbortSignal): Promise<Finding> {
  const whole = await echo(connection, ECHO_BYTES, signal);
  if (whole.passed) {
    const refused = await isRefusedBySize(address, UPLOAD_BYTES, signal);
    return refused === null ? fine({ bytes: ECHO_BYTES }) : broken('proxy_interferes', { bytes: ECHO_BYTES, status: refused, refusedBytes: UPLOAD_BYTES });
  }
  if (whole.code !== null && whole.code !== 'server_unreachable' && whole.code !== 'proxy_interferes') return broken(whole.code, { bytes: ECHO_BYTES, status: whole.status });
  for (const bytes of SMALLER) {
    const smaller = await echo(connection, bytes, signal);
    // A smaller body passes where a larger one does not: what is in between limits them.
    if (smaller.passed) return broken('proxy_interferes', { bytes: ECHO_BYTES, status: whole.status, passedBytes: bytes });
  }
  return broken(whole.code ?? 'proxy_interferes', { bytes: ECHO_BYTES, status: whole.status, changed: whole.changed });
}

interface Echo {
  readonly passed: boolean;
  readonly status: number | null;
  readonly code: NonNullable<Finding['code']> | null;
  readonly changed: boolean;
}

async function echo(connection: Connection, bytes: number, signal: AbortSignal): Promise<Echo> {
  const sent = randomBytes(bytes);
  const answer = await connection.call({ method: 'POST', path: ECHO_PATH, signal, headers: { 'content-type': 'application/octet-stream' }, body: { bytes, content: once(sent) } });
  if (!answer.ok) return { passed: false, status: null, code: answer.failure.code, changed: false };
  const { statusCode: status, body } = answer.value;
  try {
    const came = await buffer(body);
    if (status !== 200) return { passed: false, status, code: null, changed: false };
    return { passed: came.equals(sent), status, code: null, changed: !came.equals(sent) };
  } catch {
    signal.throwIfAborted();
    return { passed: false, status, code: 'server_unreachable', changed: false };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** How long a refusal by size alone may take; who says nothing waits for the body. */
const REFUSAL_MS = 700;

/**
 * Announces a large body and sends none of it. A proxy that limits bodies refuses by the header
 * alone; the server's own refusal (a problem document) shows that the announcement came through.
 * @returns the status of the one in between, or null.
 */
async function isRefusedBySize(address: Address, bytes: number, signal: AbortSignal): Promise<number | null> {
  const url = new URL(address.url + ECHO_PATH);
  return await new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? requestTls : requestPlain)(url, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/octet-stream', 'content-length': bytes, ...(address.token === null ? {} : { authorization: `Bearer ${address.token}` }) },
    });
    const end = (status: number | null): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(status);
    };
    const timer = setTimeout(() => end(null), REFUSAL_MS);
    request.on('response', (response) => {
      const isOwn = String(response.headers['content-type']).startsWith(PROBLEM_TYPE);
      response.destroy();
      end(!isOwn && response.statusCode === 413 ? 413 : null);
    });
    request.on('error', () => end(null));
    signal.addEventListener('abort', () => end(null), { once: true });
    request.flushHeaders();
  });
}
