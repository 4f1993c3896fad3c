import type { Status } from '@everroll/engine';
import type { CheckResult, ReasonCode } from '@everroll/protocol';
import { expect } from 'vitest';
import type { Scenario } from './scenario.ts';
import type { OpenWard } from './ward.ts';

/** Long enough for a machine that does much else; what takes longer was not told. */
const WITHIN_SECONDS = 120;

/** What this version of the server cannot tell at all, and says so. */
const notAvailable: ReadonlySet<string> = new Set(['renditions']);
export const summary = (results: readonly CheckResult[]): string[] => results.map(({ check, verdict, reason }) => `${check} ${verdict}${reason === null ? '' : ` ${reason}`}`);
export const wrong = (results: readonly CheckResult[]): string[] => summary(results.filter(({ check, verdict }) => verdict !== 'ok' && !(verdict === 'unknown' && notAvailable.has(check))));

export interface Times {
  readonly toldMs: number;
  readonly mendedMs: number;
}

/** Cause, code, evidence, fix, and green again with every photo saved. */
export async function goThrough(ward: OpenWard, scenario: Scenario): Promise<Times> {
  ward.begin();
  const seconds = scenario.within ?? WITHIN_SECONDS;
  if (scenario.without !== 'photo') await ward.addPhoto();
  const toldMs = await inTime(seconds, `${scenario.code} is told`, async () => {
    await scenario.make(ward);
    if (scenario.without === undefined || scenario.without === 'photo') await ward.device.run('sync', '--json');
    await tell(ward, scenario);
  });
  const mendedMs = await inTime(seconds, `${scenario.code} is mended`, async () => {
    await scenario.mend?.(ward);
    await green(ward, scenario);
  });
  await scenario.proves?.(ward);
  return { toldMs, mendedMs };
}

async function tell(ward: OpenWard, scenario: Scenario): Promise<void> {
  switch (scenario.check) {
    case 'why': {
      const files = await ward.why(scenario.file?.(ward) ?? ward.pathOf());
      const found = files.find(({ reason }) => reason?.code === scenario.code);
      expect(found, `told: ${JSON.stringify(files.map(({ name, state, reason }) => [name, state, reason?.code]))}`).toBeDefined();
      expect(found?.reason?.evidence).toMatchObject(scenario.evidence);
      return;
    }
    case 'status': {
      const { rejectedChanges } = await ward.status();
      expect(rejectedChanges.map(({ code }) => code)).toContain(scenario.code);
      return;
    }
    case 'photo': {
      // The server reads what it got in its own time; the device learns of it with the log.
      let problem: ReasonCode | null = null;
      while (problem === null) {
        await ward.device.sync();
        problem = await ward.problem(scenario.file?.(ward) ?? ward.pathOf());
      }
      expect(problem).toBe(scenario.code);
      return;
    }
    default:
      await tellByDoctor(ward, scenario);
  }
}

async function tellByDoctor(ward: OpenWard, scenario: Scenario): Promise<void> {
  const { exitCode, results } = await ward.diagnose();
  const finding = results.find(({ check, reason }) => check === scenario.check && reason === scenario.code);
  expect(finding, `told: ${wrong(results).join(', ')}`).toBeDefined();
  expect(finding?.evidence.facts).toMatchObject(scenario.evidence);
  if (finding?.reason !== 'server_rolled_back') expect((finding?.fix?.steps.length ?? 0) + (finding?.fix?.actions.length ?? 0)).toBeGreaterThan(0);
  expect(exitCode).toBe(3);
  if (scenario.holdsItem !== false) expect(finding?.items.count ?? 0).toBeGreaterThan(0);
  for (const also of scenario.also ?? []) expect(results.filter(({ check }) => check === also).map(({ reason }) => reason)).toContain(scenario.code);
  // The one cause, and nothing that is not wrong.
  const due: readonly ReasonCode[] = [scenario.code, ...(scenario.besides ?? [])];
  expect(summary(results.filter(({ verdict, reason }) => (verdict === 'fail' || verdict === 'warn') && reason !== null && !due.includes(reason)))).toEqual([]);
}

/** After the fix every check is ok, and every file that a person finds in the folders is saved or left out by a rule. */
async function green(ward: OpenWard, scenario: Scenario): Promise<void> {
  const byHand = scenario.mend !== undefined;
  // Who mends it by hand sees the rest go by itself; what only the next try shows, the doctor tries.
  if (byHand && (scenario.check === 'why' || scenario.check === 'status' || scenario.check === 'photo')) await ward.device.run('sync', '--json');
  const { exitCode, results, fixes } = await ward.diagnose('--fix', '--yes');
  expect(wrong(results), `after ${JSON.stringify(fixes)}`).toEqual([]);
  expect(exitCode).toBe(0);
  if (!byHand) expect(fixes?.map(({ outcome }) => outcome)).toContain('done');
  const items = byHand ? (await ward.device.sync()).items : countsOf(results);
  expect(items).toMatchObject({ found: await ward.files(), verified: (await ward.files()) - items.excluded });
}

function countsOf(results: readonly CheckResult[]): Pick<Status['items'], 'found' | 'verified' | 'excluded'> {
  const { found, verified, excluded } = results.find(({ check }) => check === 'items')?.evidence.facts ?? {};
  return { found: Number(found), verified: Number(verified), excluded: Number(excluded) };
}

/** @returns milliseconds. What does not come in time has failed, whatever would come of it. */
async function inTime(seconds: number, what: string, work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${seconds} s: ${what}`)), seconds * 1000);
  });
  try {
    await Promise.race([work(), late]);
    return performance.now() - begun;
  } finally {
    clearTimeout(timer);
  }
}
