import { join } from 'node:path';
import { MediaDetails, type Sha256 } from '@everroll/protocol';
import type { Services } from '../context.ts';
import { presentBytes } from '../originals/present.ts';
import type { Result } from './leases.ts';
import { kindOf, type RenditionJob, type Renditions, type StoredRendition } from './renditions.ts';
import type { Rendered, RenderedVideo } from './renderer.ts';

/** Why a job was not done, through no fault of its file: the original is lost or cut, or the system refused something. */
export interface NotDone {
  readonly outcome: 'no_original' | 'fault';
  readonly message: string;
}

type Making = Pick<Services, 'db' | 'originals' | 'log'> & { readonly renditions: Renditions };

/** Does one job: files made aside, moved to their place, and only then told of. */
export async function runJob(services: Making, job: RenditionJob, onProgress: (fraction: number) => void): Promise<Result | NotDone> {
  const { store } = services.renditions;
  const original = await wholeOriginal(services, job.sha256);
  if (!original) return { outcome: 'no_original', message: 'the original is not there, or not whole' };
  try {
    const folder = await store.workFolder();
    try {
      switch (job.task) {
        case 'video_preview':
          return await video(services, job.sha256, original.path, folder, onProgress);
        case 'details':
          return await detailsAlone(services, original.path);
        default:
          return await pictures(services, job, original.path, folder);
      }
    } finally {
      await store.discard(folder);
    }
  } finally {
    await original.release();
  }
}

/** What a file that killed every process which opened it comes to. */
export function killed({ task }: RenditionJob): Result {
  const kind = kindOf(task);
  // What moves beside a photo is no problem of the photo.
  const details = kind === 'images' ? JSON.stringify({ problem: 'corrupt_media' } satisfies MediaDetails) : kind === 'details' ? '{}' : null;
  return { outcome: 'failed', code: 'corrupt_media', details, files: [], lacking: null };
}

/** The pictures of a file as it is, or as its recipe wants them. */
async function pictures({ renditions: { renderer, store }, log }: Making, { sha256, task, recipe }: RenditionJob, path: string, folder: string): Promise<Result | NotDone> {
  const rendered: Rendered = recipe === undefined ? await renderer.render(path, folder) : await renderer.adjust(path, folder, recipe, kindOf(task) === 'edited' ? 'full' : 'screen');
  if (rendered.outcome === 'not_run') return { outcome: 'fault', message: rendered.message };
  const files: StoredRendition[] = [];
  for (const { name, file, mediaType } of rendered.renditions) files.push({ name, file: await store.put(sha256, folder, file), mediaType });
  const failed = rendered.outcome === 'failed';
  if (failed) log.info('an original has no renditions', { sha256, code: rendered.code, why: rendered.message });
  return {
    outcome: rendered.outcome,
    code: failed ? rendered.code : null,
    details: JSON.stringify({ ...sound(rendered.details), ...(failed ? { problem: rendered.code } : {}) }),
    files,
    lacking: lackingIn(rendered),
  };
}

async function detailsAlone({ renditions: { renderer } }: Making, path: string): Promise<Result | NotDone> {
  const read = await renderer.details(path);
  if (read.outcome === 'not_run') return { outcome: 'fault', message: read.message };
  return { outcome: 'made', code: null, details: JSON.stringify(sound(read.details)), files: [], lacking: null };
}

const lackingIn = ({ lacking }: { readonly lacking: readonly string[] }): string | null => (lacking.length === 0 ? null : lacking.toSorted().join());

async function video({ renditions: { renderer, store }, log }: Making, sha256: Sha256, path: string, folder: string, onProgress: (fraction: number) => void): Promise<Result | NotDone> {
  const file = 'video_preview.mp4';
  const rendered: RenderedVideo = await renderer.videoPreview(path, join(folder, file), onProgress);
  switch (rendered.outcome) {
    case 'not_run':
      return { outcome: 'fault', message: rendered.message };
    case 'failed':
      log.info('a video has no preview', { sha256, code: rendered.code, why: rendered.message });
      return { outcome: 'failed', code: rendered.code, details: null, files: [], lacking: lackingIn(rendered) };
    case 'made':
      return { outcome: 'made', code: null, details: null, files: [{ name: 'video_preview', file: await store.put(sha256, folder, file), mediaType: rendered.mediaType }], lacking: null };
  }
}

/** Damaged originals say nothing about the file that a person took: they are no `corrupt_media`. */
async function wholeOriginal({ db, originals }: Making, sha256: Sha256) {
  const row = await db.selectFrom('resource').select('bytes').where('sha256', '=', sha256).where('lost', 'is', null).limit(1).executeTakeFirst();
  if (!row || (await presentBytes(originals, sha256)) !== row.bytes) return undefined;
  return await originals.file(sha256);
}

/** What devices can read: a property that does not fit is left out, and the others hold. */
function sound(details: MediaDetails): MediaDetails {
  const kept = Object.entries(details).filter(([name, value]) => {
    const schema = MediaDetails.shape[name as keyof typeof MediaDetails.shape];
    return schema !== undefined && value !== undefined && schema.safeParse(value).success;
  });
  return MediaDetails.parse(Object.fromEntries(kept));
}
