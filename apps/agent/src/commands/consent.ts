import type { Engine, Failure } from '@everroll/engine';

/**
 * Asking by name is no consent to what it costs: what is asked for at once is weighed together, as it is
 * paid for together. undefined: it may go.
 */
export function consentLacking(engine: Engine, bytes: number): Failure | undefined {
  const { upTo, beyond } = engine.workLimit('asked');
  return beyond === null || bytes <= upTo ? undefined : { code: beyond.code, evidence: { ...beyond.evidence, askedBytes: bytes } };
}
