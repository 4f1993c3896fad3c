import { PROBLEM_TYPE } from '@everroll/protocol';
import type { ServerMachine } from './machine.ts';

/** Of so many questions one meets a picture that is not made yet, one a photo that has none. */
const MAKING_EACH = 5;
const NONE_EACH = 40;

/**
 * The pictures of a server that makes them: drawing is proved elsewhere, here it matters that one
 * comes at once, later or never. undefined: the request is another one.
 */
export function previewAnswer(machine: ServerMachine, request: Request): Response | undefined {
  const [, library, asset] = /^\/api\/v1\/libraries\/([^/]+)\/assets\/([^/]+)\/renditions\/preview$/.exec(new URL(request.url).pathname) ?? [];
  if (library === undefined || asset === undefined) return undefined;
  const [row] = machine.database.rows("SELECT primary_sha256 FROM asset WHERE library_id = ? AND id = ? AND state <> 'purged'", library, asset);
  if (!row) return problem('not_found');
  // What there is no picture of never has one.
  if (Number.parseInt(String(row['primary_sha256']).slice(0, 6), 16) % NONE_EACH === 0) return problem('unsupported_media');
  if (machine.chance.below(MAKING_EACH) === 0) return Response.json({ state: 'making', progress: null }, { status: 202 });
  return new Response(`picture of ${String(row['primary_sha256']).slice(0, 8)}`, { headers: { 'content-type': 'image/jpeg' } });
}

const problem = (code: 'not_found' | 'unsupported_media'): Response =>
  new Response(JSON.stringify({ type: 'about:blank', status: 404, code, title: code, fixes: [] }), { status: 404, headers: { 'content-type': PROBLEM_TYPE } });
