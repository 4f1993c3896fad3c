import type { Sha256 } from '@everroll/protocol';
import { ROWS_PER_STATEMENT } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import { presentBytes } from '../originals/present.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { noteLost, returned } from './lost.ts';
import { reread } from './reread.ts';
import { changeScrubRow } from './row.ts';
import { isStoreThere } from './store-mark.ts';

export interface Inventory {
  readonly missing: number;
  readonly damaged: number;
  readonly returned: number;
}

/** Files that are asked after at a time: as many as Node's pool of threads takes up. */
const AT_A_TIME = 8;

interface Held {
  readonly sha256: Sha256;
  readonly bytes: number;
  /** Libraries that are charged for it, and those of them that know it as lost. */
  readonly rows: number;
  readonly lost: number;
}

/**
 * Compares every row with the store: that the original is there, with its size (rule S1). It reads no
 * original, unless one is there again that was lost. Each file is asked after by itself: of a hundred
 * thousand that takes as long as listing the 65,536 folders that they lie in, and tells the size too.
 */
export async function takeInventory(desk: UploadDesk, now: number): Promise<Inventory> {
  const count = await compare(desk, now);
  // Also where the store was found not to be there: that is what the look came to.
  await changeScrubRow(desk.services.db, { inventory_at: now });
  return count;
}

async function compare(desk: UploadDesk, now: number): Promise<Inventory> {
  const count = { missing: 0, damaged: 0, returned: 0 };
  if (!(await isStoreThere(desk, now))) return count;
  for await (const some of piecesOf(desk.services.db)) {
    const suspects = await suspectsAmong(desk, some);
    const missing: Sha256[] = [];
    for (const held of suspects) {
      const found = await reread(desk, held.sha256, held.bytes);
      if (found === 'missing') missing.push(held.sha256);
      else if (found === 'damaged') count.damaged += held.lost === 0 ? 1 : 0;
      else if (held.lost > 0) {
        await returned(desk.services, held.sha256);
        count.returned += 1;
      }
    }
    // Should it have been taken away while it was looked through, nothing is concluded either.
    if (missing.length > 0 && !(await isStoreThere(desk, now))) return count;
    count.missing += await noteLost(desk, missing, 'missing');
  }
  return count;
}

/** Those that are not as they should be: not there, of another size, or there although they were lost. */
async function suspectsAmong({ services: { originals } }: UploadDesk, held: readonly Held[]): Promise<Held[]> {
  const suspects: Held[] = [];
  for (let at = 0; at < held.length; at += AT_A_TIME) {
    const some = held.slice(at, at + AT_A_TIME);
    const present = await Promise.all(some.map(async ({ sha256 }) => await presentBytes(originals, sha256)));
    for (const [place, each] of some.entries()) {
      const isLost = each.lost === each.rows;
      if (isLost ? present[place] !== undefined : each.lost > 0 || present[place] !== each.bytes) suspects.push(each);
    }
  }
  return suspects;
}

async function* piecesOf(db: Queries): AsyncGenerator<Held[]> {
  for (let after = '' as Sha256; ; ) {
    const rows = await db
      .selectFrom('resource')
      .select((is) => ['sha256', is.fn.max('bytes').as('bytes'), is.fn.countAll<number>().as('rows'), is.fn.count<number>('lost').as('lost')])
      .where('sha256', '>', after)
      .groupBy('sha256')
      .orderBy('sha256')
      .limit(ROWS_PER_STATEMENT)
      .execute();
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_PER_STATEMENT) return;
    after = last.sha256;
  }
}
