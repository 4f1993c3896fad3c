import type { Context } from 'hono';
import type { App, AppEnv, Services } from '../context.ts';
import { fail } from '../http/problem.ts';
import { openLibrary } from '../libraries/authorize.ts';
import { completeAddress, parseComplete, UPLOADS_PATH, uploadAddress } from './addresses.ts';
import { capabilities, diskFull, httpDate, metadataOf, mismatch, offsets, over, received } from './answers.ts';
import { bodyOf, hasBody } from './body.ts';
import { createUpload } from './create.ts';
import { expiredBefore, expiresAt, type Upload, type UploadDesk } from './desk.ts';
import { finish, settle, stop } from './end.ts';
import { findUpload, openUpload } from './open-upload.ts';
import { documentUploads } from './openapi.ts';
import { receive } from './receive.ts';
import { parseByteCount, parseMetadata, PATCH_CONTENT_TYPE, TUS_VERSION } from './tus.ts';

/** The tus receiver (rules U1 to U7): headers in, headers out. What they mean is decided in the files beside. */
export function registerUploads(app: App, services: Services, desk: UploadDesk): void {
  const { db, clock } = services;
  const one = `${UPLOADS_PATH}/:upload` as const;
  documentUploads(app);

  app.use(`${UPLOADS_PATH}/*`, async (c, next) => {
    if (c.req.method !== 'OPTIONS' && c.req.header('tus-resumable') !== TUS_VERSION) {
      return fail(412, 'invalid_request', { detail: `Tus-Resumable is ${TUS_VERSION}` }, { 'tus-version': TUS_VERSION, 'tus-resumable': TUS_VERSION });
    }
    await next();
    c.res.headers.set('tus-resumable', TUS_VERSION);
    return undefined;
  });

  app.options(UPLOADS_PATH, () => capabilities());
  app.options(one, () => capabilities());
  app.post(UPLOADS_PATH, create);
  // Hono answers HEAD by GET without the body, and tus has no GET.
  app.get(one, head);
  app.patch(one, append);
  app.delete(one, terminate);
  // Some proxies let only GET and POST pass (tus 1.0.0, "X-HTTP-Method-Override").
  app.post(one, (c) => {
    switch (c.req.header('x-http-method-override')?.toUpperCase()) {
      case 'PATCH':
        return append(c);
      case 'DELETE':
        return terminate(c);
      case 'HEAD':
        return head(c);
      default:
        return fail(405, 'invalid_request', { detail: 'X-HTTP-Method-Override is PATCH, DELETE or HEAD' }, { allow: 'HEAD, PATCH, DELETE' });
    }
  });

  async function create(c: Context<AppEnv>): Promise<Response> {
    const bytes = parseByteCount(c.req.header('upload-length'));
    if (bytes === undefined) return fail(400, 'invalid_request', { detail: 'Upload-Length is a whole number of bytes' });
    if (bytes === 0) return fail(400, 'empty_file');
    const parsed = parseMetadata(c.req.header('upload-metadata'));
    if (!parsed.ok) return fail(400, 'invalid_request', { detail: parsed.detail });
    const withUpload = hasBody(c);
    if (withUpload) requireOffsetStream(c);
    if (withUpload && announced(c) > bytes) return fail(413, 'body_too_large');

    const session = c.var.session;
    const { metadata } = parsed;
    const library = await openLibrary(db, session, metadata.library);
    const complete = () => new Response(null, { status: 201, headers: { location: completeAddress(library.id, metadata.sha256), 'upload-offset': String(bytes) } });
    const creation = await createUpload(desk, session, library, metadata, bytes);
    switch (creation.outcome) {
      case 'refused':
        return creation.code === 'server_disk_full' ? diskFull({}, creation.shortBytes) : fail(507, creation.code, { shortBytes: creation.shortBytes });
      case 'stored':
        return complete();
      case 'created':
      case 'resumed':
        return await desk.holds.run(creation.upload.id, async (ended) => {
          const upload = creation.upload;
          let offset = 0;
          if (creation.outcome === 'resumed') {
            // While this request waited, the one before it may have brought the last byte.
            if (!(await findUpload(db, session, upload.id))) return await create(c);
            const standing = await settle(desk, upload);
            if (standing.state === 'stored') return complete();
            if (standing.state !== 'unfinished') return over(standing.state);
            offset = standing.offset;
          }
          // The body of a creation begins at byte 0; one that comes where bytes are stored is not needed.
          if (withUpload && offset === 0) offset = await take(c, upload, 0, ended);
          if (offset === upload.bytes) return complete();
          return new Response(null, {
            status: 201,
            headers: { location: uploadAddress(upload.id), 'upload-offset': String(offset), 'upload-expires': httpDate(expiresAt(upload)) },
          });
        });
    }
  }

  async function head(c: Context<AppEnv>): Promise<Response> {
    const complete = await completeBytes(c);
    if (complete !== undefined) return new Response(null, { headers: offsets(complete, complete) });
    return await held(c, async (upload) => {
      const standing = await settle(desk, upload);
      switch (standing.state) {
        case 'unfinished':
          return new Response(null, {
            headers: { ...offsets(standing.offset, upload.bytes), 'upload-expires': httpDate(expiresAt(upload)), 'upload-metadata': metadataOf(upload) },
          });
        case 'stored':
          return new Response(null, { headers: offsets(upload.bytes, upload.bytes) });
        case 'checksum_mismatch':
        case 'gone':
          return over(standing.state);
      }
    });
  }

  async function append(c: Context<AppEnv>): Promise<Response> {
    requireOffsetStream(c);
    const offset = parseByteCount(c.req.header('upload-offset'));
    if (offset === undefined) return fail(400, 'invalid_request', { detail: 'Upload-Offset is a whole number of bytes' });
    const complete = await completeBytes(c);
    if (complete !== undefined) return offset === complete && !hasBody(c) ? received(complete) : mismatch(complete);
    return await held(c, async (upload, ended) => {
      const standing = await settle(desk, upload);
      if (standing.state === 'stored') return offset === upload.bytes ? received(upload.bytes) : mismatch(upload.bytes);
      if (standing.state !== 'unfinished') return over(standing.state);
      if (standing.offset !== offset) return mismatch(standing.offset);
      const reached = await take(c, upload, offset, ended);
      return received(reached, reached === upload.bytes ? undefined : upload);
    });
  }

  async function terminate(c: Context<AppEnv>): Promise<Response> {
    return await held(c, async (upload) => {
      await stop(desk, upload);
      return new Response(null, { status: 204 });
    });
  }

  /** Stores the body of a request; ends the upload if that was the rest. Returns the offset that was reached. */
  async function take(c: Context<AppEnv>, upload: Upload, offset: number, ended: AbortSignal): Promise<number> {
    const at = { 'upload-offset': String(offset) };
    const left = upload.bytes - offset;
    const coming = announced(c);
    if (coming > left) return fail(413, 'body_too_large', { offset }, at);
    const short = hasBody(c) ? await desk.room.shortBytes(coming > 0 ? coming : left) : 0;
    if (short > 0) return diskFull(at, short);

    const got = await receive(desk, upload, offset, bodyOf(c, ended));
    if (got.running && got.offset === upload.bytes && got.end !== 'body_too_large') {
      const ending = await finish(desk, upload, got.running);
      return ending === 'stored' ? got.offset : over(ending);
    }
    if (got.offset > offset) {
      upload.touched_at = clock.now();
      await db.updateTable('upload').set({ touched_at: upload.touched_at }).where('id', '=', upload.id).execute();
    }
    const reached = { 'upload-offset': String(got.offset) };
    switch (got.end) {
      case 'body_ended':
        return got.offset;
      case 'body_too_large':
        return fail(413, 'body_too_large', { offset: got.offset }, reached);
      case 'server_disk_full':
        return diskFull(reached, upload.bytes - got.offset);
      case 'interrupted':
        // Nobody reads it after a broken connection; a request that a later one ended may still be there.
        return mismatch(got.offset);
    }
  }

  /** The size of what a complete upload's address names; undefined for other addresses. */
  async function completeBytes(c: Context<AppEnv>): Promise<number | undefined> {
    const named = parseComplete(c.req.param('upload') ?? '');
    if (!named) return undefined;
    const library = await openLibrary(db, c.var.session, named.library);
    const row = await db.selectFrom('resource').select('bytes').where('library_id', '=', library.id).where('sha256', '=', named.sha256).where('lost', 'is', null).executeTakeFirst();
    return row?.bytes ?? fail(404, 'not_found');
  }

  /** Works on the upload that the address names, once no other request does (rule U6). */
  async function held(c: Context<AppEnv>, work: (upload: Upload, ended: AbortSignal) => Promise<Response>): Promise<Response> {
    const { id } = await openUpload(db, c.var.session, c.req.param('upload') ?? '');
    return await desk.holds.run(id, async (ended) => {
      // The request before this one may have ended it, or its time may be over.
      const upload = await findUpload(db, c.var.session, id);
      if (upload && upload.touched_at > expiredBefore(clock.now())) return await work(upload, ended);
      if (upload) await stop(desk, upload);
      return fail(410, 'upload_gone');
    });
  }
}

function requireOffsetStream(c: Context): void {
  if (c.req.header('content-type') !== PATCH_CONTENT_TYPE) fail(415, 'invalid_request', { detail: `Content-Type is ${PATCH_CONTENT_TYPE}` });
}

/** Bytes that the request says it brings; 0 where it does not say (chunked). */
function announced(c: Context): number {
  return parseByteCount(c.req.header('content-length')) ?? 0;
}
