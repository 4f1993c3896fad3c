import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, type Result, TransferError, done, failed } from '@everroll/engine';
import { Sha256 } from '@everroll/protocol';
import { fileFault, isAbsent, isDiskFault, isFull, textOf } from './disk-faults.ts';
import { requireMarker, stagingOf } from './marker.ts';

const PART = '.part';

/** Unfinished downloads, one file for each original, named by its hash. */
export interface Staging {
  path(sha256: Sha256): string;
  bytes(sha256: Sha256): Promise<number>;
  write(sha256: Sha256, from: number, body: Bytes, signal: AbortSignal): Promise<Result<number>>;
  drop(sha256: Sha256): Promise<void>;
  /** Drops all of which nothing is to come any more. */
  tidy(isToCome: (sha256: Sha256) => boolean): Promise<void>;
  previewPath(sha256: Sha256): string;
  /** A picture that is to stand for this original, whole and durable. */
  writePreview(sha256: Sha256, content: Uint8Array): Promise<void>;
}

export function openStaging(root: string): Staging {
  const path = (sha256: Sha256): string => join(stagingOf(root), `${sha256}${PART}`);
  const previewPath = (sha256: Sha256): string => join(stagingOf(root), `${sha256}.preview`);
  return {
    path,
    async bytes(sha256) {
      try {
        return (await stat(path(sha256))).size;
      } catch (error) {
        // What cannot be looked at cannot be gone on with; the download begins anew and says what is wrong.
        if (isDiskFault(error)) return 0;
        throw error;
      }
    },
    async write(sha256, from, body, signal) {
      try {
        requireMarker(root);
        mkdirSync(stagingOf(root), { recursive: true });
        return await append(path(sha256), from, body, signal);
      } catch (error) {
        if (isFull(error)) return failed('device_full', { detail: textOf(error) });
        return fileFault(error);
      }
    },
    drop: (sha256) => rm(path(sha256), { force: true }),
    async tidy(isToCome) {
      for (const name of await readdir(stagingOf(root)).catch(() => [])) {
        const sha256 = Sha256.safeParse(name.endsWith(PART) ? name.slice(0, -PART.length) : '');
        if (sha256.success && !isToCome(sha256.data)) await rm(join(stagingOf(root), name), { force: true });
      }
    },
    previewPath,
    async writePreview(sha256, content) {
      mkdirSync(stagingOf(root), { recursive: true });
      const file = await open(previewPath(sha256), 'w');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** A body comes in pieces of 64 KB: a write for each costs as much as receiving it. */
const BATCH_BYTES = 1024 * 1024;

/** What arrived before a connection broke is kept: the next try goes on behind it. */
async function append(path: string, from: number, body: Bytes, signal: AbortSignal): Promise<Result<number>> {
  const file = await openToWrite(path);
  let at = from;
  let batch: Uint8Array[] = [];
  let batchBytes = 0;
  const flush = async (): Promise<void> => {
    const chunks = batch;
    [batch, batchBytes] = [[], 0];
    for (let left = chunks; left.length > 0; ) {
      const { bytesWritten } = await file.writev(left, at);
      at += bytesWritten;
      left = behind(left, bytesWritten);
    }
  };
  try {
    // Bytes behind `from` are of no known origin; a hole before it is filled with nothing and fails the hash.
    await file.truncate(from);
    for await (const chunk of body) {
      signal.throwIfAborted();
      batch.push(chunk);
      batchBytes += chunk.length;
      if (batchBytes >= BATCH_BYTES) await flush();
    }
    await flush();
    return done(at);
  } catch (error) {
    await flush();
    if (error instanceof TransferError) return failed(error.code, { detail: error.message });
    throw error;
  } finally {
    await file.sync();
    await file.close();
  }
}

/** What of these chunks lies behind their first `bytes`: writev(2) may store less than it was given. */
function behind(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let passed = bytes;
  return chunks.flatMap((chunk) => {
    const skipped = Math.min(passed, chunk.length);
    passed -= skipped;
    return skipped === chunk.length ? [] : [chunk.subarray(skipped)];
  });
}

async function openToWrite(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (isAbsent(error)) return open(path, 'w+');
    throw error;
  }
}
