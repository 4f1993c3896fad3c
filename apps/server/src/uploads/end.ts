import type { LibraryId } from '@everroll/protocol';
import { announceHead } from '../log/commit.ts';
import { diskErrorCode } from '../originals/disk-fs.ts';
import { chargeReserved, changeReserved } from '../plans/ledger.ts';
import { noteReturned } from '../scrub/lost.ts';
import type { Upload, UploadDesk } from './desk.ts';
import { hashOf, type RunningHash } from './running-hashes.ts';

/**
 * The three ways in which an upload ends: stored, refused because its hash differs, or stopped.
 * Whoever calls holds it, so no other request of this process touches it meanwhile.
 */
export type Ending = 'stored' | 'checksum_mismatch' | 'gone';

/**
 * All bytes are there: compares the hash, makes them the original, and commits (rule U5).
 *
 * Killed at any point, it can be done again from what is on disk. Before the commit of the row, the
 * staged file is still there, so the next request for the upload or the next sweep hashes it and
 * comes here again; putting the original in its place twice is the same as once. After the commit
 * only a staged file without a row is left, which the sweep removes.
 */
export async function finish(desk: UploadDesk, upload: Upload, running: RunningHash): Promise<Ending> {
  const { originals, log } = desk.services;
  desk.hashes.forget(upload.id);
  if (running.hash.digest('hex') !== upload.sha256) {
    log.warn('an upload is not what was announced', { upload: upload.id, bytes: upload.bytes });
    return (await stop(desk, upload)) ? 'checksum_mismatch' : 'gone';
  }
  const committed = await unlessOver(desk, upload, async () => await desk.locks.run(upload.sha256, async () => await commit(desk, upload)));
  await originals.discard(upload.id);
  if (committed === 'gone') return 'gone';
  for (const library of committed.libraries) await announceHead(desk.services, library);
  return 'stored';
}

interface Committed {
  /** Those whose log says that the original is here again. */
  readonly libraries: readonly LibraryId[];
}

/** @returns `gone` where another process ended the upload or took over what was staged. */
async function commit(desk: UploadDesk, upload: Upload): Promise<Committed | 'gone'> {
  const { db, clock, originals } = desk.services;
  if (!(await originals.commit(upload.id, upload.sha256))) return 'gone';
  return await db.transaction().execute(async (trx): Promise<Committed | 'gone'> => {
    const { numDeletedRows } = await trx.deleteFrom('upload').where('id', '=', upload.id).executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) return 'gone';
    const now = clock.now();
    // Lost, and here again: for every library that has it, in this same transaction (rule S4).
    const libraries = await noteReturned(trx, upload.sha256, now);
    await chargeReserved(trx, { account: upload.account_id, library: upload.library_id, sha256: upload.sha256, bytes: upload.bytes, reserved: upload.reserved, now });
    return { libraries };
  });
}

/** Another process may just have ended the upload and taken its file away: then its row is gone too. */
async function unlessOver<Result>(desk: UploadDesk, upload: Upload, work: () => Promise<Result>): Promise<Result | 'gone'> {
  try {
    return await work();
  } catch (error) {
    const stillThere = await desk.services.db.selectFrom('upload').select('id').where('id', '=', upload.id).executeTakeFirst();
    if (stillThere) throw error;
    return 'gone';
  }
}

/** Ends an upload without a result and returns its space. False if it was over already. */
export async function stop(desk: UploadDesk, upload: Upload): Promise<boolean> {
  const stopped = await desk.services.db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx.deleteFrom('upload').where('id', '=', upload.id).executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) return false;
    await changeReserved(trx, upload.account_id, -upload.reserved);
    return true;
  });
  await discard(desk, upload);
  if (stopped) desk.services.events.publish({ kind: 'plan', accountId: upload.account_id });
  return stopped;
}

/** Bytes of an upload whose row is gone. */
export async function discard(desk: UploadDesk, upload: Upload): Promise<void> {
  desk.hashes.forget(upload.id);
  await desk.services.originals.discard(upload.id);
}

/** `gone` where another process took over, just now, what was staged: it finishes the upload, whose row is still there. */
async function hashOfStaged({ services: { originals } }: UploadDesk, upload: Upload): Promise<RunningHash | 'gone'> {
  try {
    return await hashOf(originals.readStaged(upload.id));
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

export type Standing = { readonly state: 'unfinished'; readonly offset: number } | { readonly state: Ending };

/**
 * Where an upload stands by what is on disk, which is the truth (rule U4). One whose bytes are all
 * there was cut off between its last byte and its commit, and is finished now.
 */
export async function settle(desk: UploadDesk, upload: Upload): Promise<Standing> {
  const { originals } = desk.services;
  const offset = (await originals.stagedBytes(upload.id)) ?? 0;
  if (offset < upload.bytes) return { state: 'unfinished', offset };
  const running = await unlessOver(desk, upload, async () => {
    const own = await originals.takeOver(upload.id, 'whole');
    if (own?.bytes !== upload.bytes) return 'gone';
    if (own.wasAnothers) desk.hashes.forget(upload.id);
    return desk.hashes.take(upload.id, offset) ?? (await hashOfStaged(desk, upload));
  });
  return { state: running === 'gone' ? running : await finish(desk, upload, running) };
}
