import type { Evidence, EvidenceArgument, ReasonCode } from '@everroll/protocol';

/**
 * Why an effect did not do what it was for. `code` is what a person is shown and what decides
 * what happens next; everything else is evidence.
 */
export interface Failure {
  readonly code: ReasonCode;
  readonly evidence: Evidence;
}

/** Outcomes that are expected are values: a port throws for defects only. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const done = <T>(value: T): Result<T> => ({ ok: true, value });
/** A code that is named takes the evidence that belongs to it (protocol, evidence.ts), and none goes without. */
export const failed = <Code extends ReasonCode>(code: Code, ...[evidence]: EvidenceArgument<Code>): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure: { code, evidence: evidence ?? {} },
});
