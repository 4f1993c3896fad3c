import type { Failure } from '@everroll/engine';
import { describeFailure, failureJson } from '../output/reasons.ts';

/** 0 done, 1 failed, 2 wrong use, 3 something is not synced. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a command ends with: the same said twice, for a program and for a person. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** null: the command has printed its object itself. */
  readonly json: Readonly<Record<string, unknown>> | null;
  readonly lines: readonly string[];
}

export const succeeded = (json: Readonly<Record<string, unknown>>, lines: readonly string[]): Outcome => ({ exitCode: 0, json, lines });

export const failedWith = (failure: Failure): Outcome => ({ exitCode: 1, json: failureJson(failure), lines: describeFailure(failure) });

/** A person named something in a way that cannot be followed. */
export const wrongUse = (sentence: string): Outcome => ({ exitCode: 2, json: { error: { code: 'wrong_use', sentence } }, lines: [sentence] });

export function printOutcome(outcome: Outcome, asJson: boolean): void {
  if (asJson && outcome.json !== null) process.stdout.write(`${JSON.stringify(outcome.json)}\n`);
  else if (!asJson && outcome.lines.length > 0) (outcome.exitCode === 1 || outcome.exitCode === 2 ? process.stderr : process.stdout).write(`${outcome.lines.join('\n')}\n`);
}
