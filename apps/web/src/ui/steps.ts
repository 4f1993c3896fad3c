import { type ReasonCode, reasons } from '@everroll/protocol';

/** A step of the table of reasons as it reads without a command line: the command at its end is left out. */
export function stepWithoutCommand(step: string): string | null {
  const words = step.replace(/:\s*everroll\s.*$/, '').trim();
  return /\beverroll [a-z-]+\b/.test(words) || words.includes('EVERROLL_') ? null : words;
}

export function stepsOf(code: ReasonCode): readonly string[] {
  return reasons[code].fixes.map(stepWithoutCommand).filter((step) => step !== null);
}
