import { allWell, cannotTell, type CheckResult, found, reasons } from '@everroll/protocol';
import { readMeta } from '../../database/meta.ts';
import { allThatWaits, type Examination, NOT_ASKED, told, unanswered } from '../examination.ts';
import { integrityOf } from '../integrity.ts';

/** Every page and every index of this device's own database. */
export async function checkLocalDatabase(exam: Examination): Promise<CheckResult[]> {
  const { state, detail } = integrityOf(exam.ports.driver, 'full');
  if (state === 'not_told') return [cannotTell('local_database', 'The database could not be asked.')];
  if (state === 'sound') return [allWell('local_database', { checked: 'integrity_check' })];
  return [found('local_database', 'local_database_corrupt', { since: exam.now, facts: { checked: 'integrity_check' }, names: { detail: detail.slice(0, 1000) }, items: allThatWaits(exam) })];
}

/** Beyond this a certificate, a schedule or a photo's date may be wrong. The order of changes does not depend on it. */
const CLOCK_MAX_MS = 60_000;

export async function checkClock(exam: Examination): Promise<CheckResult[]> {
  if (!exam.mayAsk) return [cannotTell('clock', NOT_ASKED)];
  const answer = await exam.health();
  if (!answer.ok) return [cannotTell('clock', unanswered(answer.failure))];
  const differenceMs = Math.round(answer.value.clockDifferenceMs);
  return [Math.abs(differenceMs) > CLOCK_MAX_MS ? found('clock', 'clock_skew', { since: exam.now, facts: { differenceMs } }) : allWell('clock', { differenceMs })];
}

/** Whether this device and the server speak of the same history. */
export async function checkEpoch(exam: Examination): Promise<CheckResult[]> {
  const { driver } = exam.ports;
  const rollback = readMeta(driver, 'rollback');
  const offered = Number(driver.prepare('SELECT count(*) AS n FROM offer').get()?.['n'] ?? 0);
  const { cursor, head } = exam.status;
  const facts = { offered, position: cursor?.seq ?? null, head, parkedEntries: exam.status.parkedEntries };
  if (rollback !== null) return [found('epoch', 'server_rolled_back', { since: exam.now, facts: { ...facts, forkedAt: rollback.forkedAt } })];
  if (readMeta(driver, 'identity') === null) return [cannotTell('epoch', reasons.signed_out.sentence, 'could_not_run', facts)];
  return [allWell('epoch', facts)];
}

/** Items with a reason of their own: the rest of the queue goes on past them. */
export async function checkItems(exam: Examination): Promise<CheckResult[]> {
  const wrong = told(exam, 'items');
  const { found: all, verified, excluded, failed, waiting, uploading } = exam.status.items;
  return wrong.length > 0 ? wrong : [allWell('items', { found: all, verified, excluded, failed, waiting, uploading, refusedChanges: exam.status.rejectedChanges.length })];
}

/** What the server says of its own health, result by result. */
export async function checkServer(exam: Examination): Promise<CheckResult[]> {
  if (!exam.mayAsk) return [cannotTell('server', NOT_ASKED)];
  const answer = await exam.probes.server(exam.signal);
  return answer.ok ? [...answer.value] : [cannotTell('server', unanswered(answer.failure))];
}
