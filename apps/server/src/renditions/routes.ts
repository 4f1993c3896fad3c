import { z } from '@hono/zod-openapi';
import { AssetId, LibraryId, type MediaDetails, RenditionName, RenditionPending, type Sha256, shownKey } from '@everroll/protocol';
import type { Context } from 'hono';
import type { App, AppEnv, Services } from '../context.ts';
import { json, problems } from '../http/documented.ts';
import { fail } from '../http/problem.ts';
import { openLibrary } from '../libraries/authorize.ts';
import { resourcesOf } from '../log/rows.ts';
import type { RenditionDesk } from './desk.ts';
import { findRendition } from './find.ts';
import { quickThumb } from './quick-thumb.ts';
import { keyOfJob, type RenditionJob } from './renditions.ts';
import { serveRendition } from './serve.ts';
import { adjustedJob, sourcesOf } from './sources.ts';
import { sourcedFrom } from './undescribed.ts';

const PATH = '/api/v1/libraries/:library/assets/:asset/renditions/:name';

/** A photo takes less than a second of it; a browser opens six connections at most, and has others to open. */
const WAITED_MS = 8_000;
const RETRY_AFTER_SECONDS = 2;

/** Smaller versions of what an asset shows. Who may see the asset may see them. */
export function registerRenditions(app: App, services: Services, desk: RenditionDesk): void {
  document(app);
  const { renditions } = services;

  app.get(PATH, async (c) => {
    const { name, job, isNamed } = await askedOf(services, c);
    // A server that makes and keeps none.
    if (!renditions) return fail(404, 'not_found');
    const look = async () => {
      const found = await findRendition({ ...services, renditions }, job, name);
      return found.state === 'due' ? undefined : found;
    };
    let found = await look();
    if (!found) {
      desk.want(job);
      const quick = name === 'thumb' && job.task === 'images' ? await quickThumb({ ...services, renditions }, job.sha256) : undefined;
      if (quick) return quick;
      found = await desk.waitFor(look, WAITED_MS);
    }
    if (!found) return pending(desk, job);
    if (found.state === 'none') return fail(404, found.code);
    return serveRendition(c, services, { ...job, ...found, isNamed });
  });
}

interface Asked {
  readonly name: RenditionName;
  /** What makes it. */
  readonly job: RenditionJob;
  /** The address names the bytes that it gives. */
  readonly isNamed: boolean;
}

/** What a request asks for. Whatever is not there, or not theirs, is not found. */
async function askedOf({ db }: Pick<Services, 'db'>, c: Context<AppEnv>): Promise<Asked> {
  const named = z.object({ library: LibraryId, asset: AssetId, name: RenditionName }).safeParse(c.req.param());
  if (!named.success) return fail(404, 'not_found');
  const { library, asset, name } = named.data;
  const { id } = await openLibrary(db, c.var.session, library);
  const row = await db.selectFrom('asset').select(['primary_sha256', 'adjustments', 'details']).where('library_id', '=', id).where('id', '=', asset).executeTakeFirst();
  const resources = (await resourcesOf(db, id, [asset])).get(asset) ?? [];
  const sourced = row && sourcedFrom(row, resources);
  const details = row?.details ? (JSON.parse(row.details) as MediaDetails) : null;
  const sources = sourced && sourcesOf({ ...sourced, details });
  if (!sources) return fail(404, 'not_found');
  const { look, shown, video } = sources;
  const v = c.req.query('v');
  const file = (sha256: Sha256, task: 'images' | 'video_preview'): Asked => ({ name, job: { sha256, task }, isNamed: v === sha256 });
  if (name === 'video_preview') return video ? file(video.sha256, 'video_preview') : fail(404, 'not_found');
  // A file is asked for by its hash though it is shown adjusted: by an editor, and by devices that know no adjustments.
  const unadjusted = look && [shown.sha256, look.over].find((sha256) => sha256 === v);
  if (name === 'edited') return look ? { name, job: { sha256: look.over, task: look.edited, recipe: look.recipe }, isNamed: v === shownKey(sourced) } : fail(404, 'not_found');
  if (!look || unadjusted) return file(unadjusted ?? shown.sha256, 'images');
  return { name, job: adjustedJob(look), isNamed: v === shownKey(sourced) };
}

function pending(desk: RenditionDesk, job: RenditionJob): Response {
  const progress = desk.progress.get(keyOfJob(job));
  const body: RenditionPending = { state: progress === undefined ? 'queued' : 'making', progress: job.task === 'video_preview' ? (progress ?? null) : null };
  return Response.json(body, { status: 202, headers: { 'cache-control': 'no-store', 'retry-after': String(RETRY_AFTER_SECONDS) } });
}

function document(app: App): void {
  const bytes = { 'image/webp': { schema: { type: 'string' as const, format: 'binary' } }, 'image/jpeg': { schema: { type: 'string' as const, format: 'binary' } }, 'video/mp4': { schema: { type: 'string' as const, format: 'binary' } } };
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/api/v1/libraries/{library}/assets/{asset}/renditions/{name}',
    tags: ['resources'],
    summary: 'A smaller version of what an asset shows',
    description:
      '`v` names what is shown: of an adjusted photo the id of its revision and the first half of the hash of its file (`shownKey`), else the hash of the newest `rendered_edit` or the primary. With it the address names the bytes, and the answer may be kept; without it a reader asks again, and gets 304 where nothing changed. With the hash of the file an adjusted photo comes as it was taken. `edited`: an adjusted photo at the size of its original.',
    request: {
      params: z.object({ library: LibraryId, asset: AssetId, name: RenditionName }),
      query: z.object({ v: z.string().optional() }),
      headers: z.object({ Range: z.string().optional(), 'If-Range': z.string().optional(), 'If-None-Match': z.string().optional() }),
    },
    responses: {
      200: { description: 'All bytes. `Cache-Control: no-store` marks a first, small thumbnail, which the full one follows.', content: bytes },
      202: json(RenditionPending, 'It is being made: ask again after `Retry-After`.'),
      206: { description: 'One range.', content: bytes },
      304: { description: 'The reader has them.' },
      404: { ...problems.default, description: '`corrupt_media` or `unsupported_media`: there can be none. `not_found`: no such asset, a still has no video, or what is not adjusted has no edited copy.' },
      ...problems,
    },
  });
}
