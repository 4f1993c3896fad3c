import { z } from 'zod';
import { Milliseconds } from './entities.ts';
import { FixAction, FixKind, fixOf } from './fixes.ts';
import { type ReasonCode, reasonCodes, reasons } from './reasons.ts';

/**
 * What the sync doctor says (PRODUCT section 2). One check gives one result where nothing is wrong,
 * else one for each thing that is.
 */

/** The seven checks, in the order in which a person goes through them. */
export const sevenChecks = ['settings', 'connection', 'storage_plan', 'device_storage', 'restart', 'update', 'power'] as const;
/** What lies deeper on a device. */
export const deeperChecks = ['local_database', 'leases', 'clock', 'epoch', 'items'] as const;
/** What only the server can tell, of itself. */
export const serverChecks = ['server_database', 'server_disk', 'server_plan', 'uploads', 'housekeeping', 'originals', 'epochs', 'renditions', 'scrub', 'devices'] as const;
export const checkNames = [...sevenChecks, ...deeperChecks, 'server', ...serverChecks] as const;

export const CheckName = z.enum(checkNames);
export type CheckName = z.infer<typeof CheckName>;

const Fact = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);
/** Numbers, codes, versions and truth values: nothing by which a person, a place or a photo could be known. */
export const Facts = z.record(z.string().max(60), z.union([Fact, z.array(z.record(z.string().max(60), Fact))]));
export type Facts = z.infer<typeof Facts>;

/** What was measured. Only `facts` may leave the person's machines (support bundle). */
export const CheckEvidence = z.object({
  facts: Facts,
  /** Addresses, folders, names: for the person who looks, and for nobody else. */
  private: z.record(z.string().max(60), z.string().max(1000)),
});
export type CheckEvidence = z.infer<typeof CheckEvidence>;

export const Fix = z.object({
  kind: FixKind,
  /** What software can do, each one act; the one to try first stands first. */
  actions: z.array(FixAction),
  /** What a person can do, in the words of the table of reasons. */
  steps: z.array(z.string()),
});
export type Fix = z.infer<typeof Fix>;

const common = {
  check: CheckName,
  evidence: CheckEvidence,
  /** Originals that wait for this. */
  items: z.object({ count: z.int().min(0), bytes: z.int().min(0) }),
  /** The checks to run again once it was mended. */
  retest: z.array(CheckName),
};

export const CheckResult = z.discriminatedUnion('verdict', [
  z.object({ ...common, verdict: z.literal('ok'), reason: z.null(), since: z.null(), fix: z.null() }),
  z.object({ ...common, verdict: z.enum(['warn', 'fail']), reason: z.enum(reasonCodes), since: Milliseconds, fix: Fix }),
  z.object({
    ...common,
    verdict: z.literal('unknown'),
    reason: z.null(),
    since: z.null(),
    fix: z.null(),
    /** `could_not_run`: something stood in its way; `not_available`: this version or this machine has no such thing. */
    cause: z.enum(['could_not_run', 'not_available']),
    /** Why, in a sentence. It holds no names. */
    why: z.string().max(500),
  }),
]);
export type CheckResult = z.infer<typeof CheckResult>;
export type Finding = Extract<CheckResult, { verdict: 'warn' | 'fail' }>;
export type Unknown = Extract<CheckResult, { verdict: 'unknown' }>;

/** `GET /api/v1/doctor`. */
export const ServerDiagnosis = z.object({ at: Milliseconds, results: z.array(CheckResult) });
export type ServerDiagnosis = z.infer<typeof ServerDiagnosis>;

/** Bytes that are sent each way to see whether something in between limits or changes bodies. */
export const ECHO_BYTES = 64 * 1024;
export const ECHO_PATH = '/api/v1/doctor/echo';

const NOTHING: CheckResult['items'] = { count: 0, bytes: 0 };

export function allWell(check: CheckName, facts: Facts, names: CheckEvidence['private'] = {}): CheckResult {
  return { check, verdict: 'ok', reason: null, since: null, evidence: { facts, private: names }, items: NOTHING, fix: null, retest: [check] };
}

export function cannotTell(check: CheckName, why: string, cause: Unknown['cause'] = 'could_not_run', facts: Facts = {}): CheckResult {
  return { check, verdict: 'unknown', reason: null, since: null, cause, why: why.slice(0, 500), evidence: { facts, private: {} }, items: NOTHING, fix: null, retest: [check] };
}

/** What is found wrong. What resolves by itself is a warning, what stops something a failure, unless the check knows better. */
export function found(
  check: CheckName,
  code: ReasonCode,
  of: { readonly since: number; readonly facts?: Facts; readonly names?: CheckEvidence['private']; readonly items?: CheckResult['items']; readonly verdict?: Finding['verdict']; readonly retest?: readonly CheckName[] },
): Finding {
  return {
    check,
    verdict: of.verdict ?? verdictOf(code),
    reason: code,
    since: Math.round(of.since),
    evidence: { facts: of.facts ?? {}, private: of.names ?? {} },
    items: of.items ?? NOTHING,
    fix: fixOf(code),
    retest: [...(of.retest ?? [check])],
  };
}

function verdictOf(code: ReasonCode): Finding['verdict'] {
  switch (reasons[code].class) {
    case 'blocked':
    case 'failed':
      return 'fail';
    case 'waiting':
    case 'warning':
    case 'excluded':
      return 'warn';
  }
}
