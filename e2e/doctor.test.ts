import { deeperChecks, reasonCodes, serverChecks, sevenChecks } from '@everroll/protocol';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { scenarios } from './doctor-scenarios/index.ts';
import { noteRow } from './harness/doctor-table.ts';
import { goThrough, wrong } from './harness/go-through.ts';
import { Wards } from './harness/wards.ts';

// Each ward is a server and the processes of a device: two of them keep two cores busy.
vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 });

const wards = new Wards();
afterAll(() => wards.close());

describe('no false alarm, no false green', () => {
  test('without a fault every check is ok, in the order of the seven, and the exit code is 0', async () => {
    await wards.use(false, async (ward) => {
      const { exitCode, results } = await ward.diagnose();
      expect(wrong(results)).toEqual([]);
      expect(results.map(({ check }) => check)).toEqual([...sevenChecks, ...deeperChecks, ...serverChecks]);
      expect(exitCode).toBe(0);
    });
  });

  test('with the server gone, what only it could tell is unknown, and nothing of it is green', async () => {
    await wards.use(false, async (ward) => {
      ward.line.switchTo({ kind: 'cut' });
      const { exitCode, results } = await ward.diagnose();
      const unknown = results.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check);
      expect(unknown).toEqual(['settings', 'storage_plan', 'update', 'clock', 'server']);
      expect(exitCode).toBe(3);
      ward.line.switchTo({ kind: 'none' });
    });
  });

  test('every check of the device and of the server has a scenario that makes it fail, or is one that nothing fails', () => {
    const neverFails = ['uploads', 'epochs', 'renditions', 'devices'];
    const told = new Set<string>(scenarios.flatMap(({ check, also = [] }) => [check, ...also]));
    expect([...sevenChecks, ...deeperChecks, ...serverChecks].filter((check) => !told.has(check)).toSorted()).toEqual(neverFails.toSorted());
  });
});

describe('each cause: its code, its evidence, its fix, and green again', () => {
  for (const [place, scenario] of scenarios.entries()) {
    const lacking = scenario.needs?.();
    if (lacking !== undefined) process.stderr.write(`${scenario.code} (${scenario.cause}) is not tried here: ${lacking}\n`);
    (lacking === undefined ? test.concurrent : test.skip)(`${scenario.code}: ${scenario.cause}`, async () => {
      const times = await wards.use(scenario.spoils === true, (ward) => goThrough(ward, scenario));
      noteRow({ place, code: scenario.code, check: scenario.check, cause: scenario.cause, evidence: Object.keys(scenario.evidence), fix: scenario.fix, ...times });
    });
  }

  test('no code is in the table that is not a reason', () => {
    expect(scenarios.filter(({ code }) => !reasonCodes.includes(code))).toEqual([]);
  });
});
