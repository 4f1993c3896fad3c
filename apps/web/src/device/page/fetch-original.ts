import type { LibraryId, Sha256 } from '@everroll/protocol';
import type { Assets, Fetching } from '../contract/assets.ts';
import { originalUrl } from '../contract/renditions.ts';
import type { Result } from '../contract/watched.ts';
import type { Asker } from '../rpc/asker.ts';
import { done } from './outcome.ts';

/** How often a transfer that breaks is taken up again where it broke. */
const TRIES = 5;
const PAUSE_MS = 1_000;

type Options = Parameters<Assets['fetchOriginal']>[2];

/** Brings an original into this page, over a connection that may break. */
export async function fetchOriginal(asker: Asker, library: LibraryId, { sha256, bytes, mediaType }: { readonly sha256: Sha256; readonly bytes: number; readonly mediaType: string }, options: Options): Promise<Result<Blob>> {
  if (options.consent !== true) {
    const allowed = await asker.call('mayFetch', bytes);
    if (!allowed.ok) return allowed;
  }
  const parts: Blob[] = [];
  let have = 0;
  for (let tried = 1; have < bytes; tried += 1) {
    try {
      const answer = await fetch(originalUrl(library, sha256), { headers: have === 0 ? {} : { range: `bytes=${have}-` }, signal: options.signal ?? null });
      if (answer.status !== 200 && answer.status !== 206) return failure(answer.status === 404 ? 'not_found' : answer.status === 401 ? 'session_revoked' : answer.status === 500 ? 'bit_rot' : 'server_maintenance');
      if (answer.status === 200) [parts.length, have] = [0, 0];
      for await (const chunk of answer.body ?? []) {
        parts.push(new Blob([chunk]));
        have += chunk.length;
        options.onProgress?.({ doneBytes: have, totalBytes: bytes } satisfies Fetching);
      }
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      if (tried === TRIES) return failure(navigator.onLine ? 'server_unreachable' : 'offline');
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS * tried);
      });
    }
  }
  return have === bytes ? done(new Blob(parts, { type: mediaType })) : failure('bit_rot');
}

const failure = (code: 'not_found' | 'session_revoked' | 'bit_rot' | 'server_maintenance' | 'server_unreachable' | 'offline'): Result<never> => ({ ok: false, failure: { code, evidence: {} } });
