import { allWell, cannotTell, type CheckResult, found, type ReasonCode, type Session } from '@everroll/protocol';
import { type Identity, readMeta, readSettings } from '../../database/meta.ts';
import type { Failure, Result } from '../../ports/failure.ts';
import type { Ports } from '../../ports/world.ts';
import { allThatWaits, apart, type Examination, NOT_ASKED, overdue, sinceOf, told, unanswered, waitsFor } from '../examination.ts';

/** Account, server and library; the switch; whether each source can be read. */
export async function checkSettings(exam: Examination): Promise<CheckResult[]> {
  const { driver } = exam.ports;
  const identity = readMeta(driver, 'identity');
  const settings = readSettings(driver);
  const items = allThatWaits(exam);
  if (identity === null || !readMeta(driver, 'signedIn')) return [found('settings', 'signed_out', { since: sinceOf(exam, 'signed_out'), items }), ...(await checkSources(exam))];

  const results: CheckResult[] = [];
  if (!settings.sync) results.push(found('settings', 'sync_off', { since: sinceOf(exam, 'sync_off'), items }));
  if (settings.pausedUntil !== null && settings.pausedUntil > exam.now) {
    results.push(found('settings', 'paused_by_user', { since: settings.pausedAt ?? exam.now, items, facts: { until: settings.pausedUntil === Number.MAX_SAFE_INTEGER ? null : settings.pausedUntil } }));
  }
  const session = exam.mayAsk ? await exam.session() : null;
  const account = session === null ? null : accountFinding(exam, session, identity);
  if (account !== null) results.push(account);
  if (account === null) results.push(...told(exam, 'settings').filter(({ reason }) => reason !== null && ofTheAccount.has(reason)).map((result) => (session?.ok === true ? overdue(result) : result)));
  results.push(...(await checkSources(exam)));
  if (results.length > 0) return results;
  const sources = sourceRows(exam.ports);
  const facts = { sync: settings.sync, sources: sources.filter(({ kind }) => kind === 'source').length, libraryFolder: sources.some(({ kind }) => kind === 'folder') };
  if (session === null) return [cannotTell('settings', NOT_ASKED, 'could_not_run', facts)];
  if (!session.ok) return [cannotTell('settings', unanswered(session.failure), 'could_not_run', facts)];
  return [allWell('settings', facts, { account: identity.account.email, server: identity.server, library: identity.library.name, device: identity.device.name })];
}

const ofTheAccount: ReadonlySet<ReasonCode> = new Set(['signed_out', 'session_revoked', 'account_disabled', 'duplicate_device_identity']);

function accountFinding(exam: Examination, session: Result<Session>, identity: Identity): CheckResult | null {
  if (session.ok) {
    const { account, libraries } = session.value;
    if (account.id === identity.account.id && libraries.some(({ id }) => id === identity.library.id)) return null;
    return found('settings', 'wrong_account', { since: exam.now, items: allThatWaits(exam), names: { here: identity.account.email, there: account.email } });
  }
  const { code } = session.failure;
  return ofTheAccount.has(code) ? found('settings', code, { since: sinceOf(exam, code), items: waitsFor(exam, code) }) : null;
}

/** A name that no photo has: asking for it tells whether its folder is there and may be read. */
const NO_FILE = '.everroll-is-the-folder-there';

/** Each source is looked at now; what an earlier listing concluded is told where it still holds. */
async function checkSources(exam: Examination): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { kind, location } of sourceRows(exam.ports)) {
    const source = kind === 'folder' ? exam.ports.openFolder({ kind, location }) : exam.ports.openSource({ kind, location });
    const looked = await source.stat(NO_FILE);
    if (!looked.ok) results.push(sourceFinding(exam, ofTheFolder(looked.failure), location));
  }
  return results.length > 0 ? [...results, ...told(exam, 'settings', results.flatMap(({ reason }) => reason ?? [])).filter(isOfSources)] : told(exam, 'settings').filter(isOfSources);
}

/** No file was asked for that is there: what cannot be looked at is the folder itself. */
function ofTheFolder({ code, evidence }: Failure): Failure {
  return { code: code === 'unreadable' ? 'source_access_revoked' : code, evidence };
}

function sourceFinding(exam: Examination, failure: Failure, location: string): CheckResult {
  const { facts, names } = apart(failure.evidence);
  return found('settings', failure.code, { since: sinceOf(exam, failure.code), facts, names: { ...names, source: location }, items: waitsFor(exam, failure.code) });
}

const isOfSources = ({ reason }: CheckResult): boolean => reason === 'source_missing' || reason === 'source_access_revoked' || reason === 'mass_deletion_guard';

function sourceRows({ driver }: Ports): { kind: 'source' | 'folder'; location: string }[] {
  return driver
    .prepare('SELECT kind, location FROM source ORDER BY id')
    .all()
    .map((row) => ({ kind: row['kind'] === 'folder' ? 'folder' : 'source', location: String(row['location']) }));
}
