import { createHash, type Hash } from 'node:crypto';
import type { UploadId } from '@everroll/protocol';

/** The SHA-256 of the first `bytes` bytes of an upload. */
export interface RunningHash {
  readonly hash: Hash;
  bytes: number;
}

/**
 * Far more than devices have uploads open at a time; an upload that falls out is hashed again from
 * disk when it goes on.
 */
const KEPT_MAX = 1000;

/**
 * What was hashed while it arrived, kept between requests so that a resumed upload is not read back
 * from disk. It is taken out while a request works with it and put back with what was stored; a
 * hash that stands at another byte than the file (another server process wrote, a write failed half
 * way) is of no use and dropped.
 */
export class RunningHashes {
  readonly #kept = new Map<UploadId, RunningHash>();

  take(upload: UploadId, bytes: number): RunningHash | undefined {
    const kept = this.#kept.get(upload);
    this.#kept.delete(upload);
    if (kept?.bytes === bytes) return kept;
    return bytes === 0 ? { hash: createHash('sha256'), bytes: 0 } : undefined;
  }

  put(upload: UploadId, running: RunningHash): void {
    this.#kept.set(upload, running);
    if (this.#kept.size <= KEPT_MAX) return;
    for (const oldest of this.#kept.keys()) {
      this.#kept.delete(oldest);
      return;
    }
  }

  forget(upload: UploadId): void {
    this.#kept.delete(upload);
  }
}

export async function hashOf(source: AsyncIterable<Uint8Array>): Promise<RunningHash> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { hash, bytes };
}
