import { z } from '@hono/zod-openapi';
import type { App } from '../context.ts';
import { problems } from '../http/documented.ts';
import { UPLOADS_PATH } from './addresses.ts';
import { PATCH_CONTENT_TYPE, TUS_VERSION } from './tus.ts';

const tusResumable = z.literal(TUS_VERSION);
const byteCount = z.string().regex(/^\d{1,16}$/);
const bytes = { [PATCH_CONTENT_TYPE]: { schema: { type: 'string' as const, format: 'binary' } } };
const params = z.object({ upload: z.string() });

/** The bodies are streams and the arguments headers, so these routes are described beside their code. */
export function documentUploads(app: App): void {
  const tags = ['uploads'];
  app.openAPIRegistry.registerPath({
    method: 'post',
    path: UPLOADS_PATH,
    tags,
    summary: 'Begin an upload, or find the one that was begun (tus creation, creation-with-upload)',
    request: {
      headers: z.object({
        'Tus-Resumable': tusResumable,
        'Upload-Length': byteCount,
        'Upload-Metadata': z.string().describe('library, sha256 and filename, each value base64 of UTF-8'),
      }),
      body: { required: false, content: bytes },
    },
    responses: {
      201: { description: 'Begun, resumed, or complete: `Upload-Offset` says from where to go on, `Location` where.' },
      ...problems,
    },
  });
  app.openAPIRegistry.registerPath({
    method: 'head',
    path: `${UPLOADS_PATH}/{upload}`,
    tags,
    summary: 'How far is it?',
    request: { params, headers: z.object({ 'Tus-Resumable': tusResumable }) },
    responses: { 200: { description: '`Upload-Offset` is what the server stored.' }, ...problems },
  });
  app.openAPIRegistry.registerPath({
    method: 'patch',
    path: `${UPLOADS_PATH}/{upload}`,
    tags,
    summary: 'Send bytes from an offset on',
    request: { params, headers: z.object({ 'Tus-Resumable': tusResumable, 'Upload-Offset': byteCount }), body: { required: true, content: bytes } },
    responses: {
      204: { description: '`Upload-Offset` is where it stands now; at the length, the original is stored.' },
      ...problems,
    },
  });
  app.openAPIRegistry.registerPath({
    method: 'delete',
    path: `${UPLOADS_PATH}/{upload}`,
    tags,
    summary: 'Stop it and return its space (tus termination)',
    request: { params, headers: z.object({ 'Tus-Resumable': tusResumable }) },
    responses: { 204: { description: 'Stopped.' }, ...problems },
  });
}
