import { reasonCodes } from '@everroll/protocol';
import type { DoctorRow } from '../e2e/harness/doctor-table.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What PRODUCT section 3 names and no device of this version can meet: they wait for the phone app. */
const ofPhones: readonly (readonly [code: string, why: string])[] = [
  ['source_access_limited', 'a phone lets an app see some photos only; a folder is readable or it is not (`source_access_revoked`)'],
  ['local_network_denied', 'a phone asks before an app may reach its own network; other systems do not'],
  ['background_not_granted', 'a phone decides whether an app may work unseen; elsewhere a process runs or it does not (`not_running`)'],
  ['original_only_in_other_cloud', 'a phone’s camera roll holds placeholders of another cloud; a folder holds files'],
];

/** docs/doctor.md, from the rows of the last run of each scenario. */
export function doctorDocument(rows: readonly DoctorRow[]): string {
  const covered = new Set(rows.map(({ code }) => code));
  const left = reasonCodes.filter((code) => !covered.has(code));
  return [
    '# The sync doctor, tried',
    '',
    'Each row is a scenario on real processes: a server, a line that can be broken, and a device with photos saved',
    'and one to save; a cause, the code that is told, what mends it, and green again with every file of the folders',
    'saved. Causes are made as they happen: a network namespace without a route, a certificate that nobody trusts,',
    'a disk (tmpfs) without room, a process killed in the middle of a photo, a bit turned over on its way, a backup',
    'put back, another user’s rights. What this machine cannot tell of itself (a metered connection, a battery,',
    'heat) is set by `everroll set`. Written into a database are: the size of a plan that is full, an upload that an',
    'earlier run left behind, the version of a newer program, a counter that does not agree, bytes that the server',
    'lost before they were named, and the waits between eight tries, which are cut short.',
    '',
    '"Told by" is a check of the doctor, or where nothing is wrong and something waits, is left out or was refused:',
    '`everroll why FILE`, `everroll status`, what the library shows of a photo, or the answer to a request. "Told" is',
    'from the cause to the code, "mended" from the fix to green; a scenario fails that takes longer than two minutes',
    'for either. Made by `npm run doctor:table` from the last run of each; do not edit it by hand. Times are those of a busy',
    'machine of two cores.',
    '',
    '| code | told by | cause | evidence | fix | told | mended |',
    '|---|---|---|---|---|---|---|',
    ...rows.toSorted((a, b) => a.place - b.place).map(({ code, check, cause, evidence, fix, toldMs, mendedMs }) => `| \`${code}\` | ${check} | ${cause} | ${evidence.join(', ')} | ${fix} | ${seconds(toldMs)} | ${seconds(mendedMs)} |`),
    '',
    `${rows.length} scenarios, ${covered.size} of the ${reasonCodes.length} codes of [the table](reasons.md); each is a few lines in`,
    '`e2e/doctor-scenarios/`. Beside them the same suite proves that without a fault every check is `ok`, and that',
    'each check that cannot run is `unknown` (`packages/engine/tests/doctor.test.ts`).',
    '',
    ...(left.length === 0 ? [] : [`Without a scenario here: ${left.map((code) => `\`${code}\``).join(', ')}.`, '']),
    'Codes of phones alone, which no device of this version can meet:',
    '',
    ...ofPhones.map(([code, why]) => `- \`${code}\`: ${why}`),
    '',
  ].join('\n');
}
