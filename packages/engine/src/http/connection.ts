import { PROTOCOL, PROTOCOL_HEADER } from '@everroll/protocol';
import type { Failure, Result } from '../ports/failure.ts';
import type { Bytes } from '../ports/server-client.ts';

/** A request to the server, whoever carries it: undici, fetch, or a simulated wire. */
export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's address, beginning with `/api`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: { readonly bytes: number; readonly content: Bytes };
  readonly signal: AbortSignal;
  /** A POST whose second arrival has the effect of one. */
  readonly repeatable?: true;
  /** Standing still for longer than this ends the answer; 0 never. */
  readonly bodyMs?: number;
}

export interface Answer {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Read once. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The way to one server, with the session that opens it. */
export interface Connection {
  call(call: Call): Promise<Result<Answer>>;
  /** It carries bodies that are no text, and unpacks those that come compressed with gzip. */
  readonly isBinary?: boolean;
  /** What an error of a call or a body is called; undefined: it is no fault of a connection but a defect. */
  fault(error: unknown): Failure | undefined;
}

/** What each request says of the device that sends it (rule V1). */
export const protocolHeaders: Readonly<Record<string, string>> = { [PROTOCOL_HEADER]: String(PROTOCOL.max) };

/** A call that was stopped from within says so by throwing: it is no observation of the server. */
export function faultOf(connection: Pick<Connection, 'fault'>, error: unknown, signal: AbortSignal): Failure {
  signal.throwIfAborted();
  const fault = connection.fault(error);
  if (fault === undefined) throw error;
  return fault;
}
