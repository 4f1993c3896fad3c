import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '@everroll/protocol';
import type { Services } from '../context.ts';
import type { Renditions } from './renditions.ts';

type Asked = Pick<Services, 'originals'> & { readonly renditions: Renditions };

/**
 * The answer to who wants a thumbnail that is not made yet: the small picture that a camera put into
 * the file, where there is one. Nobody keeps it, since the one that is made of the picture itself follows.
 */
export async function quickThumb({ originals, renditions: { renderer, store } }: Asked, sha256: Sha256): Promise<Response | undefined> {
  if (renderer.slots === 0) return undefined;
  const original = await originals.file(sha256);
  if (!original) return undefined;
  const folder = await store.workFolder();
  try {
    const quick = await renderer.quickThumb(original.path, folder);
    if (!quick) return undefined;
    const bytes = await readFile(join(folder, quick.file));
    return new Response(bytes, { headers: { 'content-type': quick.mediaType, 'content-length': String(bytes.byteLength), 'cache-control': 'no-store' } });
  } finally {
    await store.discard(folder);
    await original.release();
  }
}
