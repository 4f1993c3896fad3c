import { type BigIntStats, mkdirSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, type Result, TransferError, done, failed } from '@everroll/engine';
import { freeAtOnce } from '@everroll/media/free-at-once';
import { Sha256 } from '@everroll/protocol';
import { fileFault, isDiskFault, isFull, textOf } from './disk-faults.ts';
import { isUntouched, statOf } from './entry.ts';
import { FileWriter } from './file-writer.ts';
import { hashFile } from './hash-file.ts';
import { requireMarker, stagingOf } from './marker.ts';

const PART = '.part';

/** Unfinished downloads, one file for each original, named by its hash. */
export interface Staging {
  path(sha256: Sha256): string;
  bytes(sha256: Sha256): Promise<number>;
  write(sha256: Sha256, from: number, body: Bytes, signal: AbortSignal): Promise<Result<number>>;
  /** Of what is staged. Where this process wrote all of it, and nobody wrote since, it was hashed as it came. */
  hash(sha256: Sha256): Promise<Sha256>;
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
  /** What was written by this process from its first byte to its last, until it is asked for. */
  const written = new Map<Sha256, Written>();
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
        written.delete(sha256);
        return await append(path(sha256), from, body, signal, (whole) => written.set(sha256, whole));
      } catch (error) {
        if (isFull(error)) return failed('device_full', { detail: textOf(error) });
        return fileFault(error);
      }
    },
    async hash(sha256) {
      const known = written.get(sha256);
      written.delete(sha256);
      return known !== undefined && isUntouched(known.stat, statOf(path(sha256))) ? known.sha256 : (await hashFile(path(sha256))).sha256;
    },
    async drop(sha256) {
      written.delete(sha256);
      await rm(path(sha256), { force: true });
    },
    async tidy(isToCome) {
      for (const name of await readdir(stagingOf(root)).catch(() => [])) {
        const sha256 = Sha256.safeParse(name.endsWith(PART) ? name.slice(0, -PART.length) : '');
        if (!sha256.success || isToCome(sha256.data)) continue;
        written.delete(sha256.data);
        await rm(join(stagingOf(root), name), { force: true });
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

interface Written {
  readonly sha256: Sha256;
  /** The file when its last byte was written. */
  readonly stat: BigIntStats;
}

/**
 * What arrived before a connection broke is kept, and durable: the next try goes on behind it. What came to its
 * end is made durable when it is placed; a power cut before that leaves a file whose hash says so.
 */
async function append(path: string, from: number, body: Bytes, signal: AbortSignal, whole: (written: Written) => void): Promise<Result<number>> {
  const writer = await FileWriter.open(path, from);
  try {
    for await (const chunk of body) {
      signal.throwIfAborted();
      await writer.write(chunk);
      freeAtOnce(chunk);
    }
    const { bytes, sha256 } = await writer.end();
    if (sha256 !== undefined) whole({ sha256: Sha256.parse(sha256), stat: await writer.stat() });
    return done(bytes);
  } catch (error) {
    await writer.end();
    await writer.sync();
    if (error instanceof TransferError) return failed(error.code, { detail: error.message });
    throw error;
  } finally {
    await writer.close();
  }
}
