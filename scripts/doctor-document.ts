import { reasonCodes } from '@everroll/protocol';
import type { DoctorRow } from '../e2e/harness/doctor-table.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** docs/doctor.md, from the rows of one run. */
export function doctorDocument(rows: readonly DoctorRow[]): string {
  const covered = new Set(rows.map(({ code }) => code));
  return [
    '# The sync doctor, tried',
    '',
    'Each row is a scenario of `e2e/doctor.test.ts` on real processes: a device with one photo saved and one to',
    'save, a cause, the code that the doctor gives, what mends it, and green again with both photos saved. Faults',
    'of the connection, the session, the folder and files are made as they happen; power, metered connections,',
    'settings, plans, what an earlier run left behind and the parked photo are written into the databases.',
    '"Told" is from the cause to the code, one try to sync in between; "mended" from the fix to green.',
    'Made by `npm run doctor:table` from such a run; do not edit it by hand. Times are those of that machine.',
    '',
    '| code | check | cause | evidence | fix | told | mended |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(({ code, check, cause, evidence, fix, toldMs, mendedMs }) => `| \`${code}\` | ${check} | ${cause} | ${evidence.join(', ')} | ${fix} | ${seconds(toldMs)} | ${seconds(mendedMs)} |`),
    '',
    `${rows.length} scenarios, ${covered.size} of the ${reasonCodes.length} codes of [the table](reasons.md); each is a few lines in`,
    '`e2e/doctor-scenarios.ts`. Beside them the same suite proves that without a fault every check is `ok`, and that',
    'each check that cannot run is `unknown` (`packages/engine/tests/doctor.test.ts`).',
    '',
  ].join('\n');
}
