import { allWell, cannotTell, type CheckResult, type Facts, found } from '@everroll/protocol';
import { readMeta, readSettings } from '../../database/meta.ts';
import { allowanceLeft } from '../../policy/policy.ts';
import { conclude } from '../conclusion.ts';
import { type Examination, NOT_ASKED, overdue, sinceOf, told, waitsFor } from '../examination.ts';
import { factsOfLayers, type Layer } from '../probes.ts';

/** The way to the server, layer by layer; and what policy holds on this connection. */
export async function checkConnection(exam: Examination): Promise<CheckResult[]> {
  const held = told(exam, 'connection').map(withinReach);
  const policy = held.filter(isPolicy);
  if (!exam.mayAsk) return policy.length > 0 ? policy : [cannotTell('connection', NOT_ASKED)];
  const probed = await exam.probes.connection(exam.signal);
  if (!probed.known) return [cannotTell('connection', probed.why), ...policy];
  const { layers } = probed.value;
  const facts = { ...factsOfLayers(layers), ...factsOfPolicy(exam) };
  const names = namesOf(layers);
  const conclusion = conclude(layers);
  switch (conclusion.kind) {
    case 'breaks': {
      const { code, layer, where } = conclusion;
      return [found('connection', code, { since: sinceOf(exam, code), verdict: 'fail', facts: { layer, where, ...facts }, names, items: waitsFor(exam, code) }), ...policy];
    }
    case 'unknown':
      return [cannotTell('connection', conclusion.why, 'could_not_run', facts), ...policy];
    case 'reaches': {
      const results = [...held.filter((result) => !isPolicy(result)).map(overdue), ...policy];
      return results.length > 0 ? results : [allWell('connection', { ...facts, server: readMeta(exam.ports.driver, 'identity') !== null }, names)];
    }
  }
}

/** Whether each byte costs money, and by which of the two switches and how much of the day's allowance it may pass. */
function factsOfPolicy({ ports: { driver }, conditions, now }: Examination): Facts {
  const settings = readSettings(driver);
  const left = allowanceLeft({ settings, conditions, mobileUse: readMeta(driver, 'mobileUse'), now });
  return {
    metered: conditions.metered,
    connection: conditions.connection,
    mobileData: settings.mobileData,
    mobileDataOfSystem: conditions.mobileDataAllowed,
    ...(left === null ? {} : { allowanceLeftBytes: left }),
  };
}

/** The system’s own switch is out of Everroll’s reach: what would throw its own one helps nobody. */
function withinReach(result: CheckResult): CheckResult {
  if ((result.verdict !== 'warn' && result.verdict !== 'fail') || result.evidence.facts['gate'] !== 'system') return result;
  return { ...result, fix: { kind: 'guided', actions: [], steps: result.fix.steps.slice(0, 1) } };
}

function isPolicy({ reason }: CheckResult): boolean {
  return reason === 'mobile_data_off' || reason === 'mobile_allowance_used' || reason === 'low_data_mode' || reason === 'metered_consent_needed' || reason === 'waiting_for_wifi';
}

function namesOf(layers: readonly Layer[]): Record<string, string> {
  return Object.fromEntries(layers.flatMap(({ layer, names }) => Object.entries(names).map(([key, value]) => [`${layer} ${key}`, value.slice(0, 1000)])));
}
