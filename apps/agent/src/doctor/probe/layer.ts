import type { Layer, LayerName } from '@everroll/engine';
import type { ReasonCode } from '@everroll/protocol';

/** A layer that says nothing for so long is told as one that does not answer. */
export const LAYER_MAX_MS = 5_000;

export type Finding = Pick<Layer, 'outcome'> & Partial<Pick<Layer, 'code' | 'facts' | 'names'>>;

export const fine = (facts: Layer['facts'] = {}, names: Layer['names'] = {}): Finding => ({ outcome: 'ok', facts, names });
export const broken = (code: ReasonCode, facts: Layer['facts'] = {}, names: Layer['names'] = {}): Finding => ({ outcome: 'failed', code, facts, names });
export const skipped = (facts: Layer['facts'] = {}): Finding => ({ outcome: 'skipped', facts });
export const untold = (facts: Layer['facts'] = {}): Finding => ({ outcome: 'unknown', facts });

/**
 * Asks one layer, for `maxMs` at most, and takes the time. `look` ends when its signal aborts; what
 * it throws then is no finding of its own.
 * @throws where the person's own signal ended it.
 */
export async function layer(name: LayerName, signal: AbortSignal, late: Finding, look: (signal: AbortSignal) => Promise<Finding>, maxMs = LAYER_MAX_MS): Promise<Layer> {
  const own = new AbortController();
  const both = AbortSignal.any([signal, own.signal]);
  const timer = setTimeout(() => own.abort(), maxMs);
  const begun = performance.now();
  const ended = new Promise<'ended'>((resolve) => {
    both.addEventListener('abort', () => resolve('ended'), { once: true });
  });
  try {
    const found = await Promise.race([ended, look(both).catch((error: unknown) => rethrowUnless(both.aborted, error))]);
    signal.throwIfAborted();
    const { outcome, code = null, facts = {}, names = {} } = found === 'ended' ? { ...late, facts: { ...late.facts, answeredNot: true } } : found;
    return { layer: name, outcome, code, facts, names, ms: performance.now() - begun };
  } finally {
    clearTimeout(timer);
    own.abort();
  }
}

function rethrowUnless(isOver: boolean, error: unknown): 'ended' {
  if (!isOver) throw error;
  return 'ended';
}
