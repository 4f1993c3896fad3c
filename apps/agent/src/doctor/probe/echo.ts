import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { askEcho } from '@everroll/engine/http';
import { ECHO_PATH, PROBLEM_TYPE } from '@everroll/protocol';
import type { Address, Connection } from '../../ports/http/connection.ts';
import { broken, fine, type Finding } from './layer.ts';

/** One request of an upload: what a proxy must let through (effects/transfers.ts of the engine). */
const UPLOAD_BYTES = 16 * 1024 * 1024;

/** 64 KiB there and back, and whether a request of an upload's size would be let through. */
export async function lookAtEcho(connection: Connection, address: Address, signal: AbortSignal): Promise<Finding> {
  const { code, facts } = await askEcho(connection, signal);
  if (code !== null) return broken(code, facts);
  const refused = await isRefusedBySize(address, UPLOAD_BYTES, signal);
  return refused === null ? fine(facts) : broken('proxy_interferes', { ...facts, status: refused, refusedBytes: UPLOAD_BYTES });
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
