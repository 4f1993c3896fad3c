import type { Asset, ReasonCode, Sha256 } from '@everroll/protocol';
import { folderOf, isLacking, observePlaced, observeWantFailure, type Want } from '../folder/wants.ts';
import { entryOf, type Item } from '../items/item.ts';
import { QUOTA_RETRY_MS, observeQuotaFull, observeQuotaRoom, observeStored, observeTooLarge, observeUploadBegun, observeUploadGone, observeUploadOffset } from '../items/observe.ts';
import { release } from '../holds/holds.ts';
import { atMost } from './at-most.ts';
import type { Failure, Result } from '../ports/failure.ts';
import { failed } from '../ports/failure.ts';
import { type Bytes, type UploadProgress } from '../ports/server-client.ts';
import { originalNameOf } from '../optimise/preview-name.ts';
import type { Driver } from '../ports/driver.ts';
import { type Placement, SourceGone, TransferError } from '../ports/source.ts';
import { shownAsset } from '../replica/entities.ts';
import { wantedAmong } from '../replica/wanted.ts';
import { type Context, folderAt, observeAnswer, sourceOf } from './context.ts';
import { observeFileFailure } from './files.ts';

/** Bytes in one request: small enough for the body limits of common proxies, large enough to cost nothing. */
const CHUNK = 16 * 1024 * 1024;
/** A file larger than the whole plan: only the owner can change that. */
const TOO_LARGE_RETRY_MS = 10 * 60_000;

/**
 * Sends one original. The first request creates the upload and, for a file of one chunk, carries it
 * along; whatever was begun before, by this run or one that was killed, is asked for first (rule U3).
 */
export async function upload(context: Context, item: Item & { sha256: Sha256 }): Promise<void> {
  const { driver, server, clock } = context.ports;
  const { sha256, bytes, name } = item;
  const key = `upload:${sha256}`;
  const wanted = wantedAmong(driver, [sha256]);
  const begun = driver.prepare('SELECT address, offset FROM upload WHERE sha256 = ?').get(sha256);
  observeUploadBegun(driver, sha256, bytes, clock.now());
  context.meter.active.set(key, { name, direction: 'up', bytes, done: 0 });
  const read = (from: number, length: number): Bytes => context.meter.count(key, sourceOf(context, item.sourceId).read(entryOf(item), from, length));
  try {
    const whole = begun === undefined && bytes <= CHUNK;
    let step = await attempt(() => server.createUpload({ library: context.library, sha256, bytes, name }, whole ? read(0, bytes) : null, context.signal));
    while (step.ok && step.value.offset < bytes) {
      const { upload: address, offset } = step.value;
      observeUploadOffset(driver, sha256, address, offset);
      const transfer = context.meter.active.get(key);
      if (transfer) transfer.done = offset;
      const length = Math.min(CHUNK, bytes - offset);
      step = await attempt(() => server.appendUpload(address, offset, length, read(offset, length), context.signal));
      // The server's offset is the truth; from one that does not move nothing would ever come.
      if (step.ok && step.value.offset <= offset) step = failed('offset_mismatch', { offset: step.value.offset });
    }
    observeAnswer(context, step);
    if (step.ok) {
      // At once: a listing that missed the file before this is stored would take it for lost.
      driver.transaction(() => {
        observeStored(driver, sha256, wanted);
        release(driver, 'upload');
      });
      observeQuotaRoom(driver);
    } else if (!context.signal.aborted) {
      observeUploadFailure(context, item, step.failure);
    }
  } finally {
    context.meter.active.delete(key);
  }
}

/** A fault of the file that is being read comes out of the client as an exception, with its code. */
async function attempt(send: () => Promise<Result<UploadProgress>>): Promise<Result<UploadProgress>> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof TransferError || error instanceof SourceGone) return failed(error.code, { detail: error.message });
    throw error;
  }
}

function observeUploadFailure(context: Context, item: Item & { sha256: Sha256 }, failure: Failure): void {
  const { driver, clock } = context.ports;
  const now = clock.now();
  context.met.code = failure.code;
  switch (failure.code) {
    case 'quota_full':
      observeUploadGone(driver, item.sha256);
      driver.prepare("UPDATE item SET stage = 'send' WHERE sha256 = ? AND stage = 'ask'").run(item.sha256);
      observeQuotaFull(driver, item.bytes - (failure.evidence.shortBytes ?? item.bytes), now + QUOTA_RETRY_MS, now);
      return;
    case 'item_larger_than_plan':
      driver.prepare('DELETE FROM upload WHERE sha256 = ?').run(item.sha256);
      observeTooLarge(driver, item.sha256, failure.evidence, now + TOO_LARGE_RETRY_MS, now);
      return;
    case 'upload_gone':
    case 'not_found':
      observeUploadGone(driver, item.sha256);
      break;
    case 'checksum_mismatch':
    case 'changed_during_upload':
    case 'vanished':
      // What was sent is of no use; the server drops it by itself, at the latest when it expires.
      driver.prepare('DELETE FROM upload WHERE sha256 = ?').run(item.sha256);
      break;
    default:
      break;
  }
  // A reason that stops the whole lane is told by its hold; the item itself did nothing wrong.
  if (!stopsLane(failure.code)) observeFileFailure(context, item, failure);
}

function stopsLane(code: ReasonCode): boolean {
  switch (code) {
    case 'source_missing':
    case 'source_access_revoked':
    case 'unreadable':
    case 'vanished':
    case 'changed_during_upload':
    case 'checksum_mismatch':
    case 'upload_gone':
    case 'not_found':
    case 'offset_mismatch':
    case 'invalid_request':
    case 'body_too_large':
    case 'internal_error':
      return false;
    default:
      return true;
  }
}

/** Where an original comes to lie: by its date, or where the picture lies that stood for it. */
function placementOf(driver: Driver, { assetId, name, preview }: Want, asset: Asset): Placement {
  const placement = { folder: folderOf(driver, assetId), name, modifiedAt: asset.capture.at };
  if (preview === null) return placement;
  const previewName = preview.localId.slice(preview.localId.lastIndexOf('/') + 1);
  return { ...placement, name: originalNameOf(previewName, name), beside: preview.localId };
}

/** Brings one original into the library folder, from the byte on that an earlier try left off. */
export async function download(context: Context, want: Want, sourceId: number): Promise<void> {
  const { driver, server, clock, random } = context.ports;
  const folder = folderAt(context, sourceId);
  const key = `download:${want.sha256}`;
  context.meter.active.set(key, { name: want.name, direction: 'down', bytes: want.bytes, done: 0 });
  try {
    let have = await folder.staged(want.sha256);
    if (have > want.bytes) have = 0;
    const transfer = context.meter.active.get(key);
    if (transfer) transfer.done = have;
    if (have < want.bytes) {
      const body = await server.download(context.library, want.sha256, have, context.signal);
      observeAnswer(context, body);
      const staged = body.ok ? await folder.stage(want.sha256, have, atMost(want.bytes - have, context.meter.count(key, body.value)), context.signal) : body;
      if (context.signal.aborted) return;
      if (!staged.ok) {
        context.met.code = staged.failure.code;
        observeWantFailure(driver, want, staged.failure, clock.now(), random);
        return;
      }
    }
    // What was wanted may have been deleted while its bytes came, or added to the folder by a person.
    const asset = shownAsset(driver, want.assetId);
    if (asset?.state !== 'live' || !isLacking(driver, sourceId, want.sha256)) return;
    const placed = await folder.place(want.sha256, placementOf(driver, want, asset));
    if (placed.ok) await context.commits.run(() => observePlaced(driver, sourceId, want, placed.value, clock.now()), context.signal);
    else {
      context.met.code = placed.failure.code;
      observeWantFailure(driver, want, placed.failure, clock.now(), random);
      // What came is not what was saved: the server looks at its own copy now, and asks those who hold it if that is damaged.
      if (placed.failure.code === 'bit_rot') observeAnswer(context, await server.verified(context.library, [want.sha256], context.signal));
    }
  } finally {
    context.meter.active.delete(key);
  }
}
