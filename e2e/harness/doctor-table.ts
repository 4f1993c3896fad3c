import { appendFileSync } from 'node:fs';
import type { ReasonCode } from '@everroll/protocol';
import type { Teller } from './scenario.ts';

/** One scenario that was gone through: a row of docs/doctor.md. */
export interface DoctorRow {
  /** Its place among the scenarios; rows come in the order in which they end. */
  readonly place: number;
  readonly code: ReasonCode;
  readonly check: Teller | 'request';
  readonly cause: string;
  readonly evidence: readonly string[];
  readonly fix: string;
  /** From the cause to the code that names it, a try to sync in between. */
  readonly toldMs: number;
  /** From the fix to green, the item saved. */
  readonly mendedMs: number;
}

/** Where EVERROLL_DOCTOR_TABLE names a file, the rows of a run are kept there, one a line. */
export function noteRow(row: DoctorRow): void {
  const path = process.env['EVERROLL_DOCTOR_TABLE'];
  if (path) appendFileSync(path, `${JSON.stringify(row)}\n`);
}
