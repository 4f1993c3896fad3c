import { allWell, cannotTell, type CheckResult, found, PRODUCT_VERSION, PROTOCOL } from '@everroll/protocol';
import { databaseVersion } from '../../database/schema.ts';
import { type Examination, NOT_ASKED, sinceOf, told, unanswered, waitsFor } from '../examination.ts';

/** The protocol and the program of both sides, and which one is to be updated. */
export async function checkUpdate(exam: Examination): Promise<CheckResult[]> {
  const held = told(exam, 'update');
  const own = { program: PRODUCT_VERSION, protocolMin: PROTOCOL.min, protocolMax: PROTOCOL.max, database: databaseVersion(exam.ports.driver) };
  if (held.length > 0) return held.map((result) => ({ ...result, evidence: { ...result.evidence, facts: { ...own, ...result.evidence.facts } } }));
  if (!exam.mayAsk) return [cannotTell('update', NOT_ASKED, 'could_not_run', own)];
  const answer = await exam.health();
  if (!answer.ok) {
    const { code } = answer.failure;
    if (code !== 'client_too_old' && code !== 'server_too_old') return [cannotTell('update', unanswered(answer.failure), 'could_not_run', own)];
    return [found('update', code, { since: sinceOf(exam, code), facts: own, items: waitsFor(exam, code) })];
  }
  const { version, protocol } = answer.value.health;
  return [allWell('update', { ...own, serverProgram: version, serverProtocolMin: protocol.min, serverProtocolMax: protocol.max })];
}
