import { ECHO_BYTES, ECHO_PATH, type ReasonCode } from '@everroll/protocol';
import type { Connection } from './connection.ts';

/** Sizes at which a limit is looked for, once the whole does not pass. */
const SMALLER = [32 * 1024, 16 * 1024, 4 * 1024, 1024] as const;

/** How bodies come through: `code` null says unharmed, 64 KiB there and back. */
export interface EchoFinding {
  readonly code: ReasonCode | null;
  readonly facts: Readonly<Record<string, number | boolean | null>>;
}

/**
 * Whether anything in between limits or changes bodies: 64 KiB of random bytes to the server and
 * back; what does not pass is tried smaller, to tell a limit from a way that is closed.
 */
export async function askEcho(connection: Connection, signal: AbortSignal): Promise<EchoFinding> {
  const whole = await echo(connection, ECHO_BYTES, signal);
  if (whole.passed) return { code: null, facts: { bytes: ECHO_BYTES } };
  if (whole.code !== null && whole.code !== 'server_unreachable' && whole.code !== 'proxy_interferes') return { code: whole.code, facts: { bytes: ECHO_BYTES, status: whole.status } };
  for (const bytes of SMALLER) {
    // oxlint-disable-next-line no-await-in-loop -- each only where the larger one did not pass
    const smaller = await echo(connection, bytes, signal);
    if (smaller.passed) return { code: 'proxy_interferes', facts: { bytes: ECHO_BYTES, status: whole.status, passedBytes: bytes } };
  }
  return { code: whole.code ?? 'proxy_interferes', facts: { bytes: ECHO_BYTES, status: whole.status, changed: whole.changed } };
}

interface Echo {
  readonly passed: boolean;
  readonly status: number | null;
  readonly code: ReasonCode | null;
  readonly changed: boolean;
}

async function echo(connection: Connection, bytes: number, signal: AbortSignal): Promise<Echo> {
  const sent = crypto.getRandomValues(new Uint8Array(bytes));
  const answer = await connection.call({ method: 'POST', path: ECHO_PATH, signal, headers: { 'content-type': 'application/octet-stream' }, body: { bytes, content: once(sent) } });
  if (!answer.ok) return { passed: false, status: null, code: answer.failure.code, changed: false };
  const { statusCode: status, body } = answer.value;
  try {
    const passed = (await isSame(sent, body)) && status === 200;
    return { passed, status, code: null, changed: status === 200 && !passed };
  } catch {
    signal.throwIfAborted();
    return { passed: false, status, code: 'server_unreachable', changed: false };
  }
}

/** Reads all of it, so that the connection can be used again. */
async function isSame(sent: Uint8Array, body: AsyncIterable<Uint8Array>): Promise<boolean> {
  let at = 0;
  let same = true;
  for await (const chunk of body) {
    const from = at;
    same &&= chunk.every((byte, index) => byte === sent[from + index]);
    at += chunk.length;
  }
  return same && at === sent.length;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
