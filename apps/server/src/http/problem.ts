import { type Evidence, type EvidenceArgument, PROBLEM_TYPE, type Problem, problem, type ReasonCode } from '@everroll/protocol';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ZodError } from 'zod';
import { DatabaseFull } from '../database/errors.ts';
import type { Log } from '../context.ts';

/** Ends a request with a problem document. Everything else that is thrown is a defect. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(document: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(document.code);
    this.problem = document;
    this.headers = headers;
  }
}

/** A code that is named takes the evidence that belongs to it (protocol, evidence.ts), and none goes without. */
export function fail<Code extends ReasonCode>(status: number, code: Code, ...[given, headers = {}]: EvidenceArgument<Code, Readonly<Record<string, string>>>): never {
  const evidence: Evidence = given ?? {};
  throw new ProblemError(problem(status, code, evidence), evidence.retryAfter === undefined ? headers : { 'retry-after': String(Math.ceil(evidence.retryAfter)), ...headers });
}

export function problemResponse(document: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(document), {
    status: document.status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...headers },
  });
}

/** Turns whatever a request threw into a problem document. What it says holds nothing of the inside. */
export function errorHandler(log: Log): (error: Error, c: Context) => Response {
  return (error, c) => {
    const failure = asProblem(error);
    if (!failure) {
      log.error('request failed', { method: c.req.method, route: c.req.path, error: error.stack ?? String(error) });
      return problemResponse(problem(500, 'internal_error'));
    }
    if (failure.problem.status === 507 && failure.problem.code === 'server_disk_full') log.warn('disk full', { route: c.req.path });
    return problemResponse(failure.problem, failure.headers);
  };
}

function asProblem(error: Error): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (error instanceof DatabaseFull || isDiskFull(error)) return new ProblemError(problem(507, 'server_disk_full', { retryAfter: 60 }), { 'retry-after': '60' });
  // Thrown by Hono's validators: JSON that is none, or another media type.
  if (error instanceof HTTPException && error.status < 500) return new ProblemError(problem(error.status, 'invalid_request', { detail: error.message }));
  return null;
}

function isDiskFull(error: Error): boolean {
  return 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** How many faults of one request are named; a hostile body can have thousands. */
const FAULTS_NAMED = 5;
const DETAIL_MAX = 500;

/** The hook of `@hono/zod-openapi`: says where the request does not fit its schema, and nothing of what was sent. */
export function validationHook(result: { success: boolean; error?: unknown; target?: string }, _c: Context): Response | undefined {
  if (result.success) return undefined;
  const { issues } = result.error as ZodError;
  const detail = issues
    .slice(0, FAULTS_NAMED)
    .map((issue) => `${[result.target ?? 'request', ...issue.path.map(String)].join('.')}: ${issue.message}`)
    .join('; ')
    .slice(0, DETAIL_MAX);
  return problemResponse(problem(400, 'invalid_request', { detail }));
}

