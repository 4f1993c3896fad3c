import { allWell, type CheckResult } from '@everroll/protocol';
import { readSettings } from '../../database/meta.ts';
import { type Examination, told } from '../examination.ts';

/** Whether power holds anything back. What this device cannot tell counts as its person chose, and is shown as not told. */
export async function checkPower(exam: Examination): Promise<CheckResult[]> {
  const { charging, batteryPercent, lowPowerMode, hot } = exam.conditions;
  const { power, schedule, batteryFloorPercent, unknownConditions } = readSettings(exam.ports.driver);
  const facts = { charging, batteryPercent, lowPowerMode, hot, policy: power, floorPercent: batteryFloorPercent, scheduleFrom: schedule.fromMinute, scheduleTo: schedule.toMinute, notToldCountsAs: unknownConditions };
  const held = told(exam, 'power');
  return held.length > 0 ? held.map((result) => ({ ...result, evidence: { ...result.evidence, facts: { ...facts, ...result.evidence.facts } } })) : [allWell('power', facts)];
}
