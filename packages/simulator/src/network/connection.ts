import { gunzipSync } from 'node:zlib';
import { type Bytes, done, failed } from '@everroll/engine';
import { type Call, type Connection, faultOf } from '@everroll/engine/http';
import { PROTOCOL, PROTOCOL_HEADER } from '@everroll/protocol';
import { COLUMNS_TYPE } from '@everroll/protocol/columns';
import type { Columns } from '../actions/action.ts';
import { connectionFault } from '../device/code.ts';
import type { ServerMachine } from '../server/machine.ts';
import type { ServerProcess } from '../server/process.ts';
import type { Prng } from '../world/prng.ts';
import type { Timeline } from '../world/timeline.ts';
import { type Answer, answerOf, once, portalAnswer, proxyAnswer } from './answers.ts';
import type { LateAnswers, Link, LinkFault } from './link.ts';
import { isOfDevices } from './of-devices.ts';

const ORIGIN = 'http://server.example';

/** How long a device waits for an answer that does not come. */
const PATIENCE_MS = 5_000;
/** A request that was given up may arrive so much later. */
const LATE_MAX_MS = 10 * 60_000;
/** An answer that comes late does so while its device still waits for it. */
const LATE_ANSWER_MS = { least: 3_000, most: PATIENCE_MS };

/** What a request may carry. */
type Content = ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string | null;

/** Told of every exchange that reached the server; it is what the model knows of the wire. */
export interface WireWatcher {
  /** Before anything of it leaves the device. */
  begins(call: Call): void;
  /** Bytes of an original leave the device or come to it. */
  moved(bytes: number): void;
  answered(call: Call, status: number, body: string): void;
  struck(fault: string): void;
}

export interface Wire {
  readonly machine: ServerMachine;
  readonly timeline: Timeline;
  readonly link: Link;
  readonly watcher: WireWatcher;
  chance(): Prng;
  /** Of what is said beside the library: how often that is changes no other draw. */
  chanceBeside(): Prng;
  token(): string | null;
  /** Entries in a page of the log or the snapshot, so that small libraries have many pages. */
  readonly pageLimit: number;
  /** In what the snapshot comes; null: as JSON. */
  readonly columns: Columns | null;
}

/**
 * The agent's port to HTTP, over `app.fetch` instead of sockets. Faults leave it as the system errors
 * that undici would report, so the agent's own code turns them into reasons.
 */
export function simulatedConnection(wire: Wire): Connection {
  const fault = connectionFault;
  return {
    fault,
    isBinary: wire.columns !== null,
    async call(call) {
      wire.watcher.begins(call);
      const token = wire.token();
      if (token === null) return failed('signed_out');
      try {
        call.signal.throwIfAborted();
        return done(await until(call.signal, exchange(wire, call, token)));
      } catch (error) {
        return { ok: false, failure: faultOf({ fault }, error, call.signal) };
      }
    },
  };
}

const chanceOf = (wire: Wire, call: Call): Prng => (isOfDevices(call) ? wire.chanceBeside() : wire.chance());

async function exchange(wire: Wire, call: Call, token: string): Promise<Answer> {
  const { timeline, watcher } = wire;
  const chance = chanceOf(wire, call);
  if (!wire.link.up) throw systemError('ENETUNREACH');
  const fault = wire.link.draw(chance);
  if (fault) watcher.struck(fault);
  await timeline.sleep(fault === 'slow' ? chance.between(1000, 30_000) : chance.between(1, 40));
  switch (fault) {
    case 'captive portal':
      return portalAnswer(chance);
    case 'proxy':
      return proxyAnswer(chance);
    case 'stale answer':
      if (wire.link.cached && isPage(call)) return answerOf(200, wire.link.cached.headers, once(wire.link.cached.text));
      break;
    case 'request lost':
      await timeline.sleep(PATIENCE_MS);
      throw systemError('UND_ERR_HEADERS_TIMEOUT');
    default:
  }
  const process = wire.machine.process(chance);
  if (!process) throw systemError('ECONNREFUSED');
  const sending = new Sending(call.body?.content, watcher);
  const sendTo = (to: ServerProcess, body: Content): Promise<Delivered> => deliver(wire, to, call, token, body);
  try {
    const answer = await carried(wire, fault, call, sending, (body) => sendTo(process, body), sendTo);
    // A file that failed while it was read ends the request, whatever the server made of the rest.
    if (sending.fault) throw sending.fault;
    return answer;
  } catch (error) {
    throw sending.fault ?? (error instanceof Error && error.name === 'Died' ? systemError('ECONNRESET') : error);
  }
}

async function carried(wire: Wire, fault: LinkFault | null, call: Call, sending: Sending, send: (body: Content) => Promise<Delivered>, late: (to: ServerProcess, body: Content) => Promise<Delivered>): Promise<Answer> {
  const { timeline, machine } = wire;
  const chance = chanceOf(wire, call);
  const latency = (): Promise<void> => timeline.sleep(chance.between(1, 40));
  switch (fault) {
    case 'request late': {
      const body = await bodyOf(call, sending, 'whole');
      timeline.after(chance.between(10, LATE_MAX_MS), () => {
        const process = machine.process(chanceOf(wire, call));
        if (process) void late(process, body).then(discard, () => undefined);
      });
      await timeline.sleep(PATIENCE_MS);
      throw systemError('UND_ERR_HEADERS_TIMEOUT');
    }
    case 'request doubled': {
      const body = await bodyOf(call, sending, 'whole');
      const copy = body instanceof Uint8Array ? body.slice() : body;
      timeline.after(chance.below(200), () => void send(copy).then(discard, () => undefined));
      const answer = await send(body);
      await latency();
      return toAnswer(answer, null);
    }
    case 'request cut': {
      void send(await bodyOf(call, sending, 'cut', chance.fraction())).then(discard, () => undefined);
      await latency();
      await latency();
      throw systemError('ECONNRESET');
    }
    case 'bit flipped': {
      const answer = await send(await bodyOf(call, sending, 'garbled'));
      await latency();
      return toAnswer(answer.stream ? { ...answer, stream: answer.stream.pipeThrough(flipping()) } : answer, null);
    }
    case 'answer lost': {
      const answer = await send(await bodyOf(call, sending, 'streamed'));
      await discard(answer);
      await latency();
      throw systemError('ECONNRESET');
    }
    default: {
      const answer = await send(await bodyOf(call, sending, 'streamed'));
      await latency();
      if (isLate(wire.link.late, call)) await timeline.sleep(chance.between(LATE_ANSWER_MS.least, LATE_ANSWER_MS.most));
      if (fault === 'foreign entry' && isPage(call)) return toAnswer({ ...answer, text: withForeignEntry(answer.text) }, null);
      if (answer.status === 200 && answer.text && isPage(call)) wire.link.cached = { headers: answer.headers, text: answer.text };
      return toAnswer(answer, fault === 'answer cut' ? chance.fraction() : null);
    }
  }
}

/** An answer, with its body read whole where it is text, and as it comes where it is an original. */
interface Delivered {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: Uint8Array | null;
  readonly stream: ReadableStream<Uint8Array> | null;
  readonly process: ServerProcess;
  readonly watcher: WireWatcher;
}

async function deliver(wire: Wire, process: ServerProcess, call: Call, token: string, body: Content): Promise<Delivered> {
  const response = await process.answer(requestOf(wire, call, token, body));
  const headers = Object.fromEntries(response.headers);
  if (response.status === 206 || (response.status === 200 && call.path.includes('/resources/') && call.method === 'GET')) {
    return { status: response.status, headers, text: null, stream: response.body, process, watcher: wire.watcher };
  }
  if (response.headers.get('content-type') === COLUMNS_TYPE) {
    const packed = new Uint8Array(await process.during(response.arrayBuffer()));
    wire.watcher.answered(call, response.status, '');
    // The agent's connection unpacks what comes compressed; how it was sent is nothing to whoever reads.
    const ofPacking = new Set(['content-encoding', 'content-length']);
    const rest = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofPacking.has(name)));
    return { status: response.status, headers: rest, text: headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed, stream: null, process, watcher: wire.watcher };
  }
  const text = await process.during(response.text());
  wire.watcher.answered(call, response.status, text);
  return { status: response.status, headers, text: new TextEncoder().encode(text), stream: null, process, watcher: wire.watcher };
}

function requestOf(wire: Wire, call: Call, token: string, body: Content): Request {
  const headers: Record<string, string> = {
    [PROTOCOL_HEADER]: String(PROTOCOL.max),
    authorization: `Bearer ${token}`,
    ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(call.body === undefined ? {} : { 'content-length': String(call.body.bytes) }),
    // As every client says it of a body that it has whole; without it the server would read it twice.
    ...(typeof body === 'string' && { 'content-length': String(Buffer.byteLength(body)) }),
    ...call.headers,
  };
  const limited = /\/(?:changes|snapshot)(\?|$)/.exec(call.path);
  const isPaged = limited && !(wire.columns === 'kept' && call.headers?.['accept']?.includes(COLUMNS_TYPE) === true);
  const path = isPaged ? `${call.path}${limited[1] === '?' ? '&' : '?'}limit=${wire.pageLimit}` : call.path;
  return new Request(ORIGIN + path, { method: call.method, headers, body, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) });
}

function isPage(call: Call): boolean {
  return call.path.includes('/changes?');
}

/** Never what a copy is given up on, or what a device hears of what it may: how old such a word is when it is heard is judged by itself (I6, I7). */
const isLate = (late: LateAnswers, { path }: Call): boolean => late !== 'none' && (path.endsWith('/mutations') || (late === 'library' && /\/(?:changes|snapshot|uploads)\b/.test(path)));

/** Rule L4: an entry that a program cannot read is parked, and the page goes on. */
function withForeignEntry(text: Uint8Array | null): Uint8Array | null {
  if (text === null) return null;
  const page = JSON.parse(new TextDecoder().decode(text)) as { to: number; from: number; entries: unknown[] };
  if (!Array.isArray(page.entries) || page.entries.length === 0) return text;
  const entries = [{ kind: 'memory', seq: page.to, row: { title: 'A day at the sea' } }, ...page.entries];
  return new TextEncoder().encode(JSON.stringify({ ...page, entries }));
}

/** The bytes that a device sends, and what went wrong while they were read from its own disk. */
class Sending {
  fault: Error | undefined;
  readonly #content: AsyncIterator<Uint8Array> | undefined;

  readonly #watcher: WireWatcher;

  constructor(content: Bytes | undefined, watcher: WireWatcher) {
    this.#watcher = watcher;
    this.#content = content?.[Symbol.asyncIterator]();
  }

  async next(): Promise<Uint8Array | undefined> {
    try {
      const step = await this.#content?.next();
      if (step === undefined || step.done) return undefined;
      this.#watcher.moved(step.value.length);
      return step.value;
    } catch (error) {
      this.fault = error instanceof Error ? error : new Error(String(error));
      throw this.fault;
    }
  }
}

async function bodyOf(call: Call, sending: Sending, how: 'streamed' | 'whole' | 'cut' | 'garbled', share = 1): Promise<Content> {
  if (call.json !== undefined) return JSON.stringify(call.json);
  if (call.body === undefined) return null;
  if (how === 'whole') {
    const parts: Uint8Array[] = [];
    for (let part = await sending.next(); part !== undefined; part = await sending.next()) parts.push(part);
    return Buffer.concat(parts);
  }
  let left = how === 'cut' ? Math.floor(call.body.bytes * share) : Number.POSITIVE_INFINITY;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const part = left > 0 ? await sending.next() : undefined;
          if (part !== undefined) {
            controller.enqueue(how === 'garbled' ? flipped(part) : part.slice(0, Math.min(part.length, left)));
            left -= part.length;
          } else if (how === 'cut') controller.error(systemError('ECONNRESET'));
          else controller.close();
        } catch (error) {
          controller.error(error);
        }
      },
    },
    { highWaterMark: 0 },
  );
}

/** Only what is checked by a hash: text that is spoilt is another fault, which TLS excludes. */
function flipped(part: Uint8Array): Uint8Array {
  const copy = part.slice();
  copy[0] = (copy[0] ?? 0) ^ 1;
  return copy;
}

function flipping(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({ transform: (chunk, controller) => controller.enqueue(flipped(chunk)) });
}

/** @param cut share of the body after which the connection breaks; null: none. */
function toAnswer(delivered: Delivered, cut: number | null): Answer {
  const whole = delivered.stream ? chunksOf(delivered.stream, delivered.process) : once(delivered.text ?? new Uint8Array(0));
  const length = Number(delivered.headers['content-length'] ?? delivered.text?.length ?? 0);
  const passed = cut === null ? whole : broken(whole, Math.floor(length * cut));
  return answerOf(delivered.status, delivered.headers, delivered.stream ? counted(passed, delivered.watcher) : passed);
}

async function* counted(chunks: AsyncIterable<Uint8Array>, watcher: WireWatcher): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    watcher.moved(chunk.length);
    yield chunk;
  }
}

async function* chunksOf(stream: ReadableStream<Uint8Array>, process: ServerProcess): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const step = await process.during(reader.read());
      if (step.done) return;
      yield step.value;
    }
  } catch (error) {
    throw error instanceof Error && 'code' in error ? error : systemError('ECONNRESET');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* broken(chunks: AsyncIterable<Uint8Array>, after: number): AsyncGenerator<Uint8Array> {
  let left = after;
  for await (const chunk of chunks) {
    if (left <= 0) break;
    yield chunk.slice(0, left);
    left -= chunk.length;
  }
  throw systemError('ECONNRESET');
}

async function discard(delivered: Delivered): Promise<void> {
  await delivered.stream?.cancel().catch(() => undefined);
}

/** Ends with the signal, as undici does: the server goes on with what has reached it. */
async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new Error('stopped from within'));
  signal.addEventListener('abort', stop, { once: true });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`simulated ${code}`), { code });
}
