import { allWell, cannotTell, type CheckResult, found, PRODUCT_VERSION, PROTOCOL, type ReasonCode } from '@everroll/protocol';
import { databaseVersion } from '../../database/schema.ts';
import { type Examination, NOT_ASKED, overdue, sinceOf, told, unanswered, waitsFor } from '../examination.ts';

const isOfVersions = (code: ReasonCode): boolean => code === 'client_too_old' || code === 'server_too_old';

/** The protocol and the program of both sides, and which one is to be updated. */
export async function checkUpdate(exam: Examination): Promise<CheckResult[]> {
  const held = told(exam, 'update');
  const own = { program: PRODUCT_VERSION, protocolMin: PROTOCOL.min, protocolMax: PROTOCOL.max, database: databaseVersion(exam.ports.driver) };
  const earlier = held.map((result) => ({ ...result, evidence: { ...result.evidence, facts: { ...own, ...result.evidence.facts } } }));
  if (!exam.mayAsk) return earlier.length > 0 ? earlier : [cannotTell('update', NOT_ASKED, 'could_not_run', own)];
  const answer = await exam.health();
  // What is served to strangers says which versions there are; whether it still speaks this device's, only the rest does.
  const refusal = answer.ok ? await exam.session() : answer;
  if (!refusal.ok && isOfVersions(refusal.failure.code)) {
    const { code } = refusal.failure;
    return [found('update', code, { since: sinceOf(exam, code), facts: own, items: waitsFor(exam, code) })];
  }
  if (earlier.length > 0) return refusal.ok ? earlier.map(overdue) : earlier;
  if (!answer.ok) return [cannotTell('update', unanswered(answer.failure), 'could_not_run', own)];
  const { version, protocol } = answer.value.health;
  return [allWell('update', { ...own, serverProgram: version, serverProtocolMin: protocol.min, serverProtocolMax: protocol.max })];
}
