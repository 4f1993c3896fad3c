import { type ReasonCode, reasons } from '@everroll/protocol';
import type { ReactNode } from 'react';
import type { Failure } from '../device/contract.ts';
import './reason.css';

/** A step of the table of reasons as it reads without a command line: the command at its end is left out. */
export function stepWithoutCommand(step: string): string | null {
  const words = step.replace(/:\s*everroll\s.*$/, '').trim();
  return /\beverroll [a-z-]+\b/.test(words) || words.includes('EVERROLL_') ? null : words;
}

export function stepsOf(code: ReasonCode): readonly string[] {
  return reasons[code].fixes.map(stepWithoutCommand).filter((step) => step !== null);
}

/** Why something did not work, in the words of the table of reasons, and what to do. */
export function Problem({ failure }: { readonly failure: Failure }): ReactNode {
  const [step] = stepsOf(failure.code);
  return (
    <div className="problem" role="alert">
      <strong>{reasons[failure.code].sentence}</strong>
      {step !== undefined && <span>{step}.</span>}
    </div>
  );
}
