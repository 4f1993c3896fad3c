import { backoff } from '../backoff.ts';
import { folderOf, observeWantFailure, type Want } from '../folder/wants.ts';
import { laneOf } from '../holds/holds.ts';
import { entryOf, readItem } from '../items/item.ts';
import { readMeta } from '../database/meta.ts';
import type { Evictable } from '../optimise/evictable.ts';
import { EVICT_RETRY_MS, observeEvicted, observeFreed, observeLostThere, observeNoPreview, observeNotEvicted, observePreviewMaking, observePreviewPlaced, observeUnpictured } from '../optimise/observe.ts';
import { previewNameOf } from '../optimise/preview-name.ts';
import { failed, done, type Failure, type Result } from '../ports/failure.ts';
import type { Bytes } from '../ports/server-client.ts';
import { type LibraryFolder, type Picture, TransferError } from '../ports/source.ts';
import { shownAsset } from '../replica/entities.ts';
import { type Context, folderAt, observeAnswer } from './context.ts';

/** The server's pictures have 1440 pixels and some hundred kilobytes; what is much larger is none of them. */
export const PREVIEW_MAX_BYTES = 4 * 1024 * 1024;

/**
 * Gives one original up for a picture of it. The order is the argument (I6): the picture is fetched and
 * durable, then the server reads its copy again and answers, and with that answer in hand, of this
 * epoch and for this hash, nothing but two steps on the disk lies before the original is gone.
 */
export async function evict(context: Context, evictable: Evictable): Promise<void> {
  await giveUp(context, evictable);
  observeFreed(context.ports.driver, context.ports.clock.now());
}

async function giveUp(context: Context, { itemId, sha256, assetId, bytes }: Evictable): Promise<void> {
  const { driver, server, clock } = context.ports;
  const before = readItem(driver, itemId);
  if (before === undefined) return;
  const folder = folderAt(context, before.sourceId);
  const staged = await stagePreview(context, folder, { sha256, assetId, below: bytes });
  if (!staged.ok) {
    if (isUnpictured(staged.failure)) observeUnpictured(driver, sha256);
    else leaveAfter(context, itemId, staged.failure);
    return;
  }
  if (staged.value === 'making') {
    leaveForAMoment(context, itemId);
    return;
  }
  const answer = await server.verified(context.library, [sha256], context.signal);
  observeAnswer(context, answer);
  if (context.signal.aborted) return;
  if (!answer.ok) {
    leaveAfter(context, itemId, answer.failure);
    return;
  }
  if (answer.value.epoch !== readMeta(driver, 'cursor').epoch || readMeta(driver, 'rollback') !== null) {
    // The server lives in another epoch; the log tells what to do about it.
    context.pullWanted.value = true;
    leaveForAMoment(context, itemId);
    return;
  }
  if (answer.value.standings[0] !== 'stored' || answer.value.verified !== true) {
    if (answer.value.standings[0] === 'missing') observeLostThere(driver, sha256, clock.now() + EVICT_RETRY_MS);
    else leave(context, itemId, EVICT_RETRY_MS);
    return;
  }
  const item = readItem(driver, itemId);
  // Meanwhile it may have been deleted, asked for or changed.
  if (item?.stage !== 'verified' || item.sha256 !== sha256 || item.keptUntil > clock.now()) return;
  const evicted = await folder.evict(entryOf(item), sha256, previewNameOf(item.localId.slice(item.localId.lastIndexOf('/') + 1), staged.value.mediaType));
  if (!evicted.ok) {
    leaveAfter(context, itemId, evicted.failure);
  } else if (evicted.value.what === 'evicted') {
    observeEvicted(driver, itemId, evicted.value.preview);
  } else {
    leaveForAMoment(context, itemId);
    driver.prepare('UPDATE source SET scan_wanted = 1, next_at = 0 WHERE id = ?').run(item.sourceId);
  }
}

/** Puts a picture where there is no room for the original. */
export async function placePreview(context: Context, want: Want, sourceId: number): Promise<void> {
  const { driver, clock, random } = context.ports;
  const folder = folderAt(context, sourceId);
  const inForce = JSON.stringify(readMeta(driver, 'storageInForce'));
  const staged = await stagePreview(context, folder, { ...want, below: want.bytes });
  if (context.signal.aborted) return;
  // Whether there is room is judged anew: what the folder is to hold was changed meanwhile.
  if (JSON.stringify(readMeta(driver, 'storageInForce')) !== inForce) return;
  if (!staged.ok) {
    fail(context, want, staged.failure);
    return;
  }
  if (staged.value === 'making') {
    observePreviewMaking(driver, want, clock.now(), random);
    return;
  }
  const asset = shownAsset(driver, want.assetId);
  if (asset?.state !== 'live') return;
  const placed = await folder.placePreview(want.sha256, { folder: folderOf(driver, want.assetId), name: previewNameOf(want.name, staged.value.mediaType), modifiedAt: asset.capture.at });
  if (placed.ok) observePreviewPlaced(driver, sourceId, want, placed.value, clock.now());
  else fail(context, want, placed.failure);
}

function fail(context: Context, want: Want, failure: Failure): void {
  const { driver, clock, random } = context.ports;
  context.met.code = failure.code;
  if (isUnpictured(failure)) observeUnpictured(driver, want.sha256);
  else if (failure.code === 'not_found') observeNoPreview(driver, want, failure, clock.now());
  else observeWantFailure(driver, want, failure, clock.now(), random);
}

/** There is none of this photo, or none of use, however often the server is asked. */
const isUnpictured = ({ code }: Failure): boolean => code === 'corrupt_media' || code === 'unsupported_media';


interface Shown extends Pick<Want, 'sha256' | 'assetId'> {
  /** A picture that is no smaller than the original is of no use. */
  readonly below: number;
}

async function stagePreview(context: Context, folder: LibraryFolder, { sha256, assetId, below }: Shown): Promise<Result<Pick<Picture, 'mediaType'> | 'making'>> {
  const { server } = context.ports;
  const answer = await server.preview(context.library, assetId, context.signal);
  observeAnswer(context, answer);
  if (!answer.ok) return answer;
  if (answer.value.state === 'making') return done('making');
  const { mediaType, body } = answer.value;
  const content = await whole(context.meter.count(`preview:${sha256}`, body), Math.min(PREVIEW_MAX_BYTES, below));
  if (!content.ok) return content;
  const staged = await folder.stagePreview(sha256, { mediaType, content: content.value });
  return staged.ok ? done({ mediaType }) : staged;
}

async function whole(body: Bytes, most: number): Promise<Result<Uint8Array>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes >= most) return failed('unsupported_media', { detail: 'the preview is no smaller than the original' });
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof TransferError) return failed(error.code, { detail: error.message });
    throw error;
  }
  const content = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return done(content);
}

/** What concerns all work is told by its hold, and ends with it; what concerns this photo is tried again later. */
function leaveAfter(context: Context, itemId: number, failure: Failure): void {
  context.met.code = failure.code;
  if (laneOf(failure.code) === undefined) leave(context, itemId, EVICT_RETRY_MS);
  else leaveForAMoment(context, itemId);
}

function leave({ ports: { driver, clock } }: Context, itemId: number, forMs: number): void {
  observeNotEvicted(driver, itemId, clock.now() + forMs);
}

function leaveForAMoment({ ports: { driver, clock, random } }: Context, itemId: number): void {
  observeNotEvicted(driver, itemId, clock.now() + backoff((readItem(driver, itemId)?.attempts ?? 0) + 1, random));
}
