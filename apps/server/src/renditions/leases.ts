import type { ExpressionBuilder } from 'kysely';
import type { Services } from '../context.ts';
import type { Database, RenditionTable } from '../database/schema.ts';
import { type RenditionKey, type StoredRendition, versionOf } from './renditions.ts';

/** A killed process's work is taken over after so long. Whoever lives renews in good time. */
export const LEASE_MS = 60_000;
export const RENEWED_EVERY_MS = LEASE_MS / 3;

/** No row waits for longer: a later time was written by a clock that was wrong. */
export const POSTPONED_AT_MOST_MS = 24 * 60 * 60 * 1000;

export interface Result {
  readonly outcome: 'made' | 'failed';
  readonly code: RenditionTable['code'];
  readonly details: string | null;
  readonly files: readonly StoredRendition[];
  readonly lacking: RenditionTable['lacking'];
}

/** Condition on a row: nobody has it, and its turn has come. */
export function isFree(is: ExpressionBuilder<Database, 'rendition'>, now: number) {
  return is.or([is('rendition.lease_until', '<=', now), is('rendition.lease_until', '>', now + POSTPONED_AT_MOST_MS)]);
}

/**
 * Who makes what, between all processes that share the database. A lease lost to another process
 * costs work that is done twice, never a result: both come to the same.
 */
export class Leases {
  readonly #db: Services['db'];
  readonly #clock: Services['clock'];
  readonly #holder: string;

  /** @param holder a name that no other process has */
  constructor({ db, clock }: Pick<Services, 'db' | 'clock'>, holder: string) {
    this.#db = db;
    this.#clock = clock;
    this.#holder = holder;
  }

  /** How many leases in a row this is; undefined where there is nothing to do, or someone else does it. */
  async take({ sha256, task }: RenditionKey): Promise<number | undefined> {
    const now = this.#clock.now();
    const lease = { lease_holder: this.#holder, lease_until: now + LEASE_MS };
    const taken = await this.#db
      .insertInto('rendition')
      .values({ sha256, task, version: 0, outcome: null, code: null, details: null, files: '[]', lacking: null, attempts: 1, ...lease, made_at: null })
      .onConflict((conflict) =>
        conflict
          .columns(['sha256', 'task'])
          .doUpdateSet((set) => ({ ...lease, attempts: set('rendition.attempts', '+', 1) }))
          .where((is) => is.and([isFree(is, now), is.or([is('rendition.outcome', 'is', null), is('rendition.version', '<', versionOf(task))])])),
      )
      .returning('attempts')
      .executeTakeFirst();
    return taken?.attempts;
  }

  async renew(jobs: readonly RenditionKey[]): Promise<void> {
    if (jobs.length === 0) return;
    const hashes = jobs.map(({ sha256 }) => sha256);
    await this.#db
      .updateTable('rendition')
      .set({ lease_until: this.#clock.now() + LEASE_MS })
      .where('sha256', 'in', hashes)
      .where('lease_holder', '=', this.#holder)
      .execute();
  }

  /** False where the lease was lost meanwhile. */
  async finish({ sha256, task }: RenditionKey, { outcome, code, details, files, lacking }: Result): Promise<boolean> {
    return await this.#end({ sha256, task }, { version: versionOf(task), outcome, code, details, files: JSON.stringify(files), lacking, lease_until: 0, made_at: this.#clock.now() });
  }

  /** To be tried again later, by whoever comes. */
  async postpone(job: RenditionKey, milliseconds: number): Promise<void> {
    await this.#end(job, { lease_until: this.#clock.now() + Math.min(milliseconds, POSTPONED_AT_MOST_MS) });
  }

  async #end({ sha256, task }: RenditionKey, change: Partial<RenditionTable>): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('rendition')
      .set({ ...change, attempts: 0, lease_holder: null })
      .where('sha256', '=', sha256)
      .where('task', '=', task)
      .where('lease_holder', '=', this.#holder)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}
