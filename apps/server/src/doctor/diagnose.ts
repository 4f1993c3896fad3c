import { cannotTell, type CheckResult, type ServerDiagnosis } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import { quickCheck } from '../database/sqlite/quick-check.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import type { ServerExamination } from './examination.ts';
import { serverChecksInOrder } from './state.ts';

/** Reading a large database whole takes seconds. */
const DATABASE_EVERY_MS = 10 * 60_000;

/** The server's own health; who is not its owner learns of their own account alone. */
export class ServerDoctor {
  readonly #services: Pick<Services, 'db' | 'clock' | 'originals' | 'renditions' | 'log'>;
  readonly #desk: UploadDesk;
  #database: Awaited<ReturnType<ServerExamination['database']>> | undefined;

  constructor(services: Pick<Services, 'db' | 'clock' | 'originals' | 'renditions' | 'log'>, desk: UploadDesk) {
    this.#services = services;
    this.#desk = desk;
  }

  async diagnose(session: SessionIdentity): Promise<ServerDiagnosis> {
    const { db, clock, log } = this.#services;
    const now = clock.now();
    const { role } = await db.selectFrom('account').select('role').where('id', '=', session.accountId).executeTakeFirstOrThrow();
    const exam: ServerExamination = { services: this.#services, desk: this.#desk, session, now, database: () => this.#checkDatabase(now) };
    const results: CheckResult[] = [];
    for (const { name, of, run } of serverChecksInOrder) {
      if (of === 'server' && role !== 'owner') continue;
      try {
        results.push(await run(exam));
      } catch (error) {
        log.warn('a check could not run', { check: name, error: error instanceof Error ? error.message : String(error) });
        results.push(cannotTell(name, 'The check itself failed; the server’s log says how.'));
      }
    }
    return { at: now, results };
  }

  async #checkDatabase(now: number): ReturnType<ServerExamination['database']> {
    const known = this.#database;
    if (known && now - known.at >= 0 && now - known.at < DATABASE_EVERY_MS) return known;
    this.#database = { ...(await quickCheck(this.#services.db)), at: now };
    return this.#database;
  }
}
