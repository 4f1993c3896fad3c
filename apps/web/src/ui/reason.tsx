import { reasons } from '@everroll/protocol';
import type { ReactNode } from 'react';
import type { Failure } from '../device/contract.ts';
import './reason.css';
import { stepsOf } from './steps.ts';

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
