import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sha256 } from '@everroll/protocol';
import type { Services } from '../context.ts';
import type { ExpressionBuilder } from 'kysely';
import { ROWS_PER_STATEMENT } from '../database/chunks.ts';
import type { Database, RenditionTable } from '../database/schema.ts';
import { keepNamed } from '../renditions/keep-named.ts';
import { makeAgain } from '../renditions/make-again.ts';
import type { StoredRendition } from '../renditions/renditions.ts';
import type { RenditionStore } from '../renditions/store.ts';

type Sweeping = Pick<Services, 'db' | 'renditions'>;

const nothing = (): Promise<ReadonlySet<string>> => Promise.resolve(new Set());

/** What a killed process was making. No job takes so long. */
const WORK_KEPT_MS = 24 * 60 * 60 * 1000;

/** Rows that are looked at in one turn: some ten milliseconds in which nobody else is served. */
const ROWS_A_TURN = 5_000;

/** Hashes from behind `after` up to `upTo`; null: to the end. */
interface Stretch {
  readonly after: Sha256;
  readonly upTo: Sha256 | null;
}

/** The whole table in stretches. Between two of them whoever waits has their turn: at a million photos, one look at all takes seconds. */
async function* stretches(db: Services['db']): AsyncGenerator<Stretch> {
  for (let after = '' as Sha256; ; ) {
    const last = await db.selectFrom('rendition').select('sha256').where('sha256', '>', after).orderBy('sha256').offset(ROWS_A_TURN - 1).limit(1).executeTakeFirst();
    yield { after, upTo: last?.sha256 ?? null };
    if (!last) return;
    after = last.sha256;
    await nextTurn();
  }
}

const within =
  ({ after, upTo }: Stretch) =>
  (is: ExpressionBuilder<Database, 'rendition'>) =>
    is.and([is('rendition.sha256', '>', after), ...(upTo === null ? [] : [is('rendition.sha256', '<=', upTo)])]);

/** Removes the renditions of originals that no library holds any more, and says of how many. */
export async function removeUnnamedRenditions({ db, renditions }: Sweeping): Promise<number> {
  if (!renditions) return 0;
  let count = 0;
  for await (const stretch of stretches(db)) {
    const gone = await db.selectFrom('rendition').select('sha256').distinct().where(within(stretch)).where(namedByNoLibrary).execute();
    for (const { sha256 } of gone) {
      await db.deleteFrom('rendition').where('sha256', '=', sha256).execute();
      await renditions.store.keep(sha256, nothing);
    }
    count += gone.length;
  }
  return count;
}

/** A copy that somebody asked for is at hand for so long, should the download break. */
const COPIES_KEPT_MS = 24 * 60 * 60 * 1000;

/** Removes what was drawn of looks that no photo has any more, and copies that were made for a download, and says how many. */
export async function removeOldLooks({ db, renditions }: Sweeping, now: number): Promise<number> {
  if (!renditions) return 0;
  let count = 0;
  for await (const stretch of stretches(db)) {
    const old = await db
      .selectFrom('rendition')
      .select(['sha256', 'task'])
      .where(within(stretch))
      .where('lease_holder', 'is', null)
      .where((is) =>
        is.or([
          is.and([is('task', 'like', 'edited:%'), is('made_at', '<', now - COPIES_KEPT_MS)]),
          is.and([is('task', 'like', 'adjusted:%'), is.not(is.exists(is.selectFrom('asset').select('asset.id').whereRef('asset.adjusted_task', '=', 'rendition.task')))]),
        ]),
      )
      .execute();
    for (const { sha256, task } of old) {
      await db.deleteFrom('rendition').where('sha256', '=', sha256).where('task', '=', task).where('lease_holder', 'is', null).execute();
      await keepNamed(db, renditions.store, sha256);
    }
    count += old.length;
  }
  return count;
}

export interface ComparedRenditions {
  /** Their files were gone: they are made again. */
  readonly lost: number;
  /** Files without a row, as a restored database or a crash leaves them. */
  readonly strays: number;
  readonly unfinished: number;
}

/** Compares what is stored with what the rows say. The owner may delete renditions, and restore the database without them. */
export async function compareRenditions({ db, renditions }: Sweeping, now: number): Promise<ComparedRenditions> {
  if (!renditions) return { lost: 0, strays: 0, unfinished: 0 };
  const { store } = renditions;
  let lost = 0;
  for await (const { sha256, task, files } of rowsOf(db)) {
    if ((await lacking(store, sha256, files)) && (await makeAgain(db, { sha256, task }))) lost += 1;
  }
  let strays = 0;
  for await (const sha256 of store.list()) {
    if (await db.selectFrom('rendition').select('sha256').where('sha256', '=', sha256).limit(1).executeTakeFirst()) continue;
    await store.keep(sha256, nothing);
    strays += 1;
  }
  return { lost, strays, unfinished: await store.removeWorkBefore(now - WORK_KEPT_MS) };
}

function namedByNoLibrary(is: ExpressionBuilder<Database, 'rendition'>) {
  return is.not(is.exists(is.selectFrom('resource').select('resource.sha256').whereRef('resource.sha256', '=', 'rendition.sha256')));
}

async function* rowsOf(db: Services['db']): AsyncGenerator<Pick<RenditionTable, 'sha256' | 'task' | 'files'>> {
  for (let after: Pick<RenditionTable, 'sha256' | 'task'> | undefined; ; ) {
    const { sha256 = '' as Sha256, task = 'images' } = after ?? {};
    const rows = await db
      .selectFrom('rendition')
      .select(['sha256', 'task', 'files'])
      // The first condition is what the index is asked, the second leaves out what was seen.
      .where('sha256', '>=', sha256)
      .where((is) => is.or([is('sha256', '>', sha256), is.and([is('sha256', '=', sha256), is('task', '>', task)])]))
      .orderBy('sha256')
      .orderBy('task')
      .limit(ROWS_PER_STATEMENT)
      .execute();
    yield* rows;
    after = rows.at(-1);
    if (!after || rows.length < ROWS_PER_STATEMENT) return;
    await nextTurn();
  }
}

async function lacking(store: RenditionStore, sha256: Sha256, files: string): Promise<boolean> {
  for (const { file } of JSON.parse(files) as StoredRendition[]) if (!(await store.has(sha256, file))) return true;
  return false;
}
