import type { RenditionName } from '@everroll/protocol';
import type { Services } from '../context.ts';
import { madeOf } from './made.ts';
import type { RenditionJob, Renditions, StoredRendition } from './renditions.ts';
import { makeAgain } from './make-again.ts';
import type { OpenRendition } from './store.ts';

export type FoundRendition =
  | { readonly state: 'there'; readonly file: StoredRendition; readonly opened: OpenRendition }
  | { readonly state: 'none'; readonly code: 'corrupt_media' | 'unsupported_media' }
  /** It is to be made, or made anew. */
  | { readonly state: 'due' };

/**
 * One rendition as it is now. What an older pipeline made is shown until it is replaced; a file that
 * is gone, which its owner may delete at any time, is made again.
 */
export async function findRendition({ db, renditions }: Pick<Services, 'db'> & { readonly renditions: Renditions }, job: RenditionJob, name: RenditionName): Promise<FoundRendition> {
  const made = await madeOf(db, job);
  const file = made?.files.find((each) => each.name === name);
  const opened = file && (await renditions.store.open(job.sha256, file.file));
  if (opened) return { state: 'there', file, opened };
  if (!made || made.isDue) return { state: 'due' };
  if (!file) return { state: 'none', code: made.code ?? 'unsupported_media' };
  await makeAgain(db, job);
  return { state: 'due' };
}
