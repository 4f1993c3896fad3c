import { type Evidence, PROBLEM_TYPE, Problem, type ReasonCode } from '@everroll/protocol';
import { type Failure, type Result, done } from '../ports/failure.ts';
import type { Answer } from './connection.ts';

type Headers = Answer['headers'];

/** What a schema of the protocol does. */
export interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A page of the log or the snapshot is some hundreds of kilobytes; what is much larger is not Everroll's. */
const JSON_MAX_BYTES = 64 * 1024 * 1024;
/** Enough of a foreign answer to know it by. */
const FOREIGN_MAX_BYTES = 64 * 1024;

const failure = (code: ReasonCode, evidence: Evidence = {}): Result<never> => ({ ok: false, failure: { code, evidence } });

/** The body of a good answer as the schema has it; every other answer as the code of what is in the way. */
export async function readJson<T>(answer: Answer, schema: Schema<T>): Promise<Result<T>> {
  if (answer.statusCode < 200 || answer.statusCode > 299) return readFailure(answer);
  const text = await readText(answer, JSON_MAX_BYTES);
  if (isHtml(answer.headers)) return failure('captive_portal', { detail: 'a web page came instead of an answer' });
  const parsed = text === undefined ? undefined : parseJson(text);
  const checked = schema.safeParse(parsed);
  if (checked.success) return done(checked.data);
  return failure('proxy_interferes', { detail: `the answer is not Everroll’s: ${describe(checked.error.issues)}` });
}

/** A good answer whose body does not matter. */
export async function readNothing(answer: Answer): Promise<Result<void>> {
  if (answer.statusCode < 200 || answer.statusCode > 299) return readFailure(answer);
  await readText(answer, FOREIGN_MAX_BYTES);
  return isHtml(answer.headers) ? failure('captive_portal', { detail: 'a web page came instead of an answer' }) : done(undefined);
}

/** An answer that is not good: Everroll's problem document, or what somebody in between says. */
export async function readFailure(answer: Answer): Promise<Result<never>> {
  const text = await readText(answer, FOREIGN_MAX_BYTES);
  if (mediaTypeOf(answer.headers) === PROBLEM_TYPE && text !== undefined) {
    const problem = Problem.safeParse(withRetryAfter(parseJson(text), answer.headers));
    if (problem.success) return { ok: false, failure: failureOf(problem.data) };
  }
  return { ok: false, failure: foreignFailure(answer.statusCode, answer.headers) };
}

/** Gives up a body that nobody wants; the connection goes with it. What breaks of it no longer matters. */
export function discard(answer: Answer): void {
  void endAtFirst(answer.body).catch(() => undefined);
}

async function endAtFirst(body: Answer['body']): Promise<void> {
  for await (const _ of body) return;
}

export const isHtml = (headers: Headers): boolean => ['text/html', 'application/xhtml+xml'].includes(mediaTypeOf(headers));

function failureOf({ code, detail, shortBytes, epoch, forkedAt, expected, offset, retryAfter }: Problem): Failure {
  const evidence = { detail, shortBytes, epoch, forkedAt, expected, offset, retryAfter };
  return { code, evidence: Object.fromEntries(Object.entries(evidence).filter(([, value]) => value !== undefined)) };
}

/** Statuses that a proxy, a portal or a load balancer sends by itself. */
function foreignFailure(status: number, headers: Headers): Failure {
  const detail = `status ${status}${textOf(headers, 'location') === undefined ? '' : `, sent on to ${textOf(headers, 'location')}`}`;
  const retryAfter = retryAfterOf(headers);
  const evidence: Evidence = retryAfter === undefined ? { detail } : { detail, retryAfter };
  return { code: foreignCode(status, isHtml(headers)), evidence };
}

function foreignCode(status: number, html: boolean): ReasonCode {
  if (status === 511 || (status >= 300 && status < 400)) return 'captive_portal';
  if (status === 429) return 'rate_limited';
  // 502 to 504 come from a reverse proxy whose Everroll is down; 500 from Everroll's own runtime.
  if (status >= 500) return 'server_maintenance';
  return html && status < 300 ? 'captive_portal' : 'proxy_interferes';
}

/** RFC 9110, section 10.2.3: seconds or a date. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = textOf(headers, 'retry-after');
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

function withRetryAfter(document: unknown, headers: Headers): unknown {
  const retryAfter = retryAfterOf(headers);
  if (typeof document !== 'object' || document === null || 'retryAfter' in document || retryAfter === undefined) return document;
  return { ...document, retryAfter };
}

/** A header that is sent twice is none that can be relied on. */
export function textOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

export function mediaTypeOf(headers: Headers): string {
  return (textOf(headers, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** undefined: longer than what is ever sent. */
export async function readBytes(answer: Answer, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks = await readChunks(answer, maxBytes);
  if (chunks === undefined) return undefined;
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

async function readChunks(answer: Answer, maxBytes: number): Promise<Uint8Array[] | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks;
}

/** undefined: longer than what is ever sent. */
async function readText(answer: Answer, maxBytes: number): Promise<string | undefined> {
  const chunks = await readChunks(answer, maxBytes);
  if (chunks === undefined) return undefined;
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
}

function describe(issues: readonly Issue[]): string {
  const first = issues[0];
  return first === undefined ? 'unreadable' : `${first.path.map(String).join('.') || 'body'}: ${first.message}`;
}
