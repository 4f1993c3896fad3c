import type { Sha256 } from '@everroll/protocol';
import { ROWS_PER_STATEMENT } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { isAnyFrozen } from './forks.ts';
import { SET_ASIDE_MS } from './retention.ts';

/** Sets aside the originals that no library has a row for and no upload is bringing, and says how many. */
export async function setAsideOrphans(desk: UploadDesk, now: number): Promise<number> {
  const { db, originals } = desk.services;
  if (await isAnyFrozen(db, now)) return 0;
  let count = 0;
  for await (const some of inPieces(originals.list())) {
    const named = await namedAmong(db, some);
    for (const sha256 of some) if (!named.has(sha256) && (await setAside(desk, sha256, now))) count += 1;
  }
  return count;
}

async function setAside(desk: UploadDesk, sha256: Sha256, now: number): Promise<boolean> {
  const { db, originals } = desk.services;
  const isNamed = async () => (await namedAmong(db, [sha256])).size > 0;
  return await desk.locks.run(sha256, async () => {
    if (await isNamed()) return false;
    await originals.setAside(sha256, now);
    // Another server process does not see this one's lock: it may have committed in between.
    if (!(await isNamed())) return true;
    await originals.restore(sha256);
    return false;
  });
}

/** Removes what was set aside long enough ago, and says how many files. What a row names again comes back instead. */
export async function removeSetAside(desk: UploadDesk, now: number): Promise<number> {
  const { db, originals } = desk.services;
  if (await isAnyFrozen(db, now)) return 0;
  let count = 0;
  for await (const some of inPieces(originals.listSetAside(now - SET_ASIDE_MS))) {
    const named = await namedAmong(
      db,
      some.map((entry) => entry.sha256),
    );
    for (const entry of some) {
      if (named.has(entry.sha256)) await desk.locks.run(entry.sha256, () => originals.restore(entry.sha256));
      await originals.removeSetAside(entry);
      count += 1;
    }
  }
  return count;
}

async function namedAmong(db: Queries, hashes: readonly Sha256[]): Promise<Set<Sha256>> {
  const stored = await db.selectFrom('resource').select('sha256').where('sha256', 'in', hashes).execute();
  const coming = await db.selectFrom('upload').select('sha256').where('sha256', 'in', hashes).execute();
  return new Set([...stored, ...coming].map((row) => row.sha256));
}

async function* inPieces<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let piece: Item[] = [];
  for await (const item of items) {
    piece.push(item);
    if (piece.length < ROWS_PER_STATEMENT) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
