import { type CheckResult, deeperChecks, serverChecks, sevenChecks } from '@everroll/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';
import { openWard, type Scenario, type Ward } from './harness/ward.ts';
import { noteRow } from './harness/doctor-table.ts';
import { scenarios } from './doctor-scenarios.ts';

let stage: Stage;
let server: ServerProcess;
let ward: Ward;
let count = 0;

beforeAll(async () => {
  stage = await Stage.open();
  server = await ServerProcess.start(stage);
});
afterAll(async () => {
  await server.stop();
  await stage.close();
});
beforeEach(async () => {
  count += 1;
  ward = await openWard(stage, server, `device-${count}`);
});
afterEach(async () => {
  await ward.close();
  ward.onServer('UPDATE account SET plan_bytes = 5000000000, disabled_at = NULL');
});

/** What this version of the server cannot tell at all, and says so. */
const notAvailable: ReadonlySet<string> = new Set(['renditions']);
const summary = (results: readonly CheckResult[]): string[] => results.map(({ check, verdict, reason }) => `${check} ${verdict}${reason === null ? '' : ` ${reason}`}`);
const wrong = (results: readonly CheckResult[]): string[] => summary(results.filter(({ check, verdict }) => verdict !== 'ok' && !(verdict === 'unknown' && notAvailable.has(check))));

describe('no false alarm, no false green', () => {
  test('without a fault every check is ok, in the order of the seven, and the exit code is 0', async () => {
    const { exitCode, results } = await ward.diagnose();
    expect(wrong(results)).toEqual([]);
    expect(results.map(({ check }) => check)).toEqual([...sevenChecks, ...deeperChecks, ...serverChecks]);
    expect(exitCode).toBe(0);
  });

  test('with the server gone, what only it could tell is unknown, and nothing of it is green', async () => {
    ward.line.switchTo({ kind: 'cut' });
    const { exitCode, results } = await ward.diagnose();
    const unknown = results.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check);
    expect(unknown).toEqual(['settings', 'storage_plan', 'update', 'clock', 'server']);
    expect(exitCode).toBe(3);
  });
});

describe('each cause: its code, its evidence, its fix, and green again', () => {
  test.each(scenarios.map((scenario) => [scenario.code, scenario.cause, scenario] as const))('%s: %s', async (_code, _cause, scenario: Scenario) => {
    await ward.addPhoto('AFTER.JPG');
    const made = performance.now();
    await scenario.make(ward);
    if (scenario.without !== 'sync') await ward.device.run('sync', '--json');
    const { exitCode, results } = await ward.diagnose();
    const told = performance.now();
    const finding = results.find(({ check, reason }) => check === scenario.check && reason === scenario.code);
    expect(finding, `told: ${summary(results).join(', ')}`).toBeDefined();
    expect(finding?.evidence.facts).toMatchObject(scenario.evidence);
    expect(finding?.fix?.steps.length ?? 0).toBeGreaterThan(0);
    expect(exitCode).toBe(3);
    if (scenario.holdsItem !== false) expect(finding?.items.count ?? 0).toBeGreaterThan(0);
    // The one cause, and nothing that is not wrong.
    const others = results.filter(({ verdict, reason }) => (verdict === 'fail' || verdict === 'warn') && reason !== scenario.code);
    expect(summary(others)).toEqual([]);

    await scenario.mend?.(ward);
    const mending = performance.now();
    const { exitCode: after, results: now, fixes } = await ward.diagnose('--fix', '--yes');
    expect(wrong(now), `after ${JSON.stringify(fixes)}`).toEqual([]);
    expect(after).toBe(0);
    const mended = performance.now();
    if (scenario.mend === undefined) expect(fixes?.map(({ outcome }) => outcome)).toContain('done');
    // Who mended it by hand sees the rest go by itself.
    if (scenario.mend !== undefined) await ward.device.sync();
    const { items } = await ward.status();
    expect(items).toMatchObject({ found: 2, verified: 2 });
    noteRow({ code: scenario.code, check: scenario.check, cause: scenario.cause, evidence: Object.keys(scenario.evidence), fix: scenario.fix, toldMs: told - made, mendedMs: mended - mending });
  });
});
