import { diskErrorCode, isDiskFull } from '../originals/disk-fs.ts';
import type { StagingWriter } from '../originals/store.ts';
import type { Body } from './body.ts';
import type { Upload, UploadDesk } from './desk.ts';
import { hashOf, type RunningHash } from './running-hashes.ts';

/** One write to disk while the next is gathered: large enough that calls cost nothing beside the bytes. */
const BATCH_BYTES = 1024 * 1024;

export interface Received {
  /** Where the upload stands now. */
  readonly offset: number;
  readonly running: RunningHash | undefined;
  /** `interrupted`: the connection broke or a later request came. What arrived is kept. */
  readonly end: 'body_ended' | 'interrupted' | 'body_too_large' | 'server_disk_full';
}

/**
 * Stores a body behind what is staged, hashing it as it passes. `offset` has been compared with
 * what is staged, and no other request of this process works on the upload.
 */
export async function receive(desk: UploadDesk, upload: Upload, offset: number, body: Body): Promise<Received> {
  const { originals } = desk.services;
  const begun = await begin(desk, upload, offset);
  if (typeof begun === 'string') return { offset: (await originals.stagedBytes(upload.id)) ?? 0, running: undefined, end: begun };
  const { running, writer } = begun;
  try {
    const end = await pass(desk, upload, body, running, writer);
    // All of it is there: durable while the file is open, for the commit that follows.
    if (writer.offset === upload.bytes) await writer.sync();
    running.bytes = writer.offset;
    desk.hashes.put(upload.id, running);
    return { offset: writer.offset, running, end };
  } catch (error) {
    // The hash has seen bytes that may not be stored; it is made anew from disk.
    desk.hashes.forget(upload.id);
    if (!isDiskFull(error)) throw error;
    // Cut back to where this request began, so that the database has room again.
    await writer.truncate(offset);
    return { offset: (await originals.stagedBytes(upload.id)) ?? 0, running: undefined, end: 'server_disk_full' };
  } finally {
    await writer.close();
  }
}

/** Opens what is staged, this process's own or taken over from another one, and finds the hash of what lies before `offset`. */
async function begin(desk: UploadDesk, upload: Upload, offset: number): Promise<{ readonly running: RunningHash; readonly writer: StagingWriter } | 'interrupted' | 'server_disk_full'> {
  const { originals } = desk.services;
  try {
    const own = offset === 0 ? { bytes: 0, wasAnothers: false } : await originals.takeOver(upload.id, 'part');
    // It is another process that goes on with it now.
    if (!own || own.bytes < offset) return 'interrupted';
    if (own.wasAnothers) desk.hashes.forget(upload.id);
    const running = desk.hashes.take(upload.id, offset) ?? (await hashOf(originals.readStaged(upload.id)));
    return { running, writer: await originals.stage(upload.id, offset) };
  } catch (error) {
    // Taken over while it was read here.
    if (diskErrorCode(error) === 'ENOENT') return 'interrupted';
    if (!isDiskFull(error)) throw error;
    return 'server_disk_full';
  }
}

/** Throws only what the disk throws. */
async function pass(desk: UploadDesk, upload: Upload, body: Body, running: RunningHash, writer: StagingWriter): Promise<Received['end']> {
  const write = async (chunks: readonly Uint8Array[]) => {
    await writer.append(chunks);
    body.release(chunks);
  };
  let left = upload.bytes - writer.offset;
  let batch: Uint8Array[] = [];
  let batchBytes = 0;
  let writing = Promise.resolve();
  let end: Received['end'] = 'body_ended';
  for (;;) {
    const step = await body.next().catch(() => 'interrupted' as const);
    if (step === 'interrupted') {
      end = step;
      break;
    }
    if (step.done) break;
    const chunk = step.value;
    if (chunk.byteLength > left) {
      end = 'body_too_large';
      break;
    }
    left -= chunk.byteLength;
    running.hash.update(chunk);
    batch.push(chunk);
    batchBytes += chunk.byteLength;
    if (batchBytes < BATCH_BYTES) continue;
    await writing;
    writing = write(batch);
    // Awaited at the next write or at the end; until then a failure is not unhandled.
    writing.catch(() => undefined);
    desk.room.took(batchBytes);
    batch = [];
    batchBytes = 0;
    if ((await desk.room.bytes()) < 0) {
      end = 'server_disk_full';
      break;
    }
  }
  await writing;
  if (batch.length > 0) await write(batch);
  return end;
}
