import { gunzipSync } from 'node:zlib';
import { createRoute, z } from '@hono/zod-openapi';
import { ChangesPage, Entry, Epoch, type Incarnation, INCARNATIONS_MAX, Library, LibraryId, Seq, SnapshotPage, type WrittenAt } from '@everroll/protocol';
import { COLUMNS_TYPE, PAGE_HEADER } from '@everroll/protocol/columns';
import type { App, Services } from '../context.ts';
import { BulkLane } from '../http/bulk-lane.ts';
import { json, problems } from '../http/documented.ts';
import { librariesOf } from '../libraries/authorize.ts';
import { libraryOf } from '../libraries/library.ts';
import { readChanges } from './changes.ts';
import { type ColumnsPage, readSnapshotColumns } from './kept-snapshot.ts';
import { readSnapshot } from './snapshot.ts';

const tags = ['library'];
const params = z.object({ library: LibraryId });

/** Entries of a page: about 500 bytes each, so a page is some hundred kilobytes. */
const LIMIT_DEFAULT = 500;
const LIMIT_MAX = 5_000;
/** Changes that are read in some milliseconds. */
const FAR_BEHIND = 100;

/** A whole number in a query. Digits alone: `Number('')` is 0 and `Number('0x10')` 16. */
const digits = z
  .string()
  .regex(/^\d{1,16}$/, 'expected a whole number')
  .transform(Number)
  .openapi({ type: 'integer' });
const limit = digits.pipe(z.int().min(1).max(LIMIT_MAX)).optional();

/** `none` for the time before the first that is remembered. */
const incarnationOf = (name: string | undefined): Incarnation | null => (name === 'none' ? null : (name as Incarnation));

/** With commas between: which incarnations a device has read, oldest first. */
const incarnations = z
  .string()
  .regex(/^(none|[0-9a-f]{32})(,(none|[0-9a-f]{32}))*$/, 'expected incarnations with commas between')
  .max(33 * INCARNATIONS_MAX)
  .transform((text) => text.split(',').map(incarnationOf))
  .optional()
  .openapi({ type: 'string' });

/** The last `seq` of each of these that it read, in their order. */
const readUpTo = z
  .string()
  .regex(/^\d{1,15}(,\d{1,15})*$/, 'expected whole numbers with commas between')
  .max(16 * INCARNATIONS_MAX)
  .transform((text) => text.split(',').map(Number))
  .optional()
  .openapi({ type: 'string' });

/** A device of an earlier version names incarnations alone: it read none of them further than its cursor. */
function writtenAt(names: readonly (Incarnation | null)[] | undefined, read: readonly number[] | undefined, cursor: number): WrittenAt[] | null {
  return names?.map((by, at) => ({ by, seq: read?.[at] ?? cursor })) ?? null;
}

/** What the device was told of places beyond its cursor, each with the incarnation that wrote the change there. */
const told = z
  .string()
  .regex(/^\d{1,15}:(none|[0-9a-f]{32})(,\d{1,15}:(none|[0-9a-f]{32}))*$/, 'expected SEQ:INCARNATION with commas between')
  .max(50 * INCARNATIONS_MAX)
  .transform((text): readonly WrittenAt[] =>
    text.split(',').map((place) => {
      const [seq = '', name] = place.split(':');
      return { seq: Number(seq), by: incarnationOf(name) };
    }),
  )
  .optional()
  .openapi({ type: 'string' });

/** No library goes back so often: from a number beyond that nobody could count on. */
const GENERATION_MAX = 1e12;

/** Of the last fork that the device knows (rule C4). */
const generation = digits.transform((number) => Math.min(number, GENERATION_MAX)).optional();

const libraries = createRoute({
  method: 'get',
  path: '/api/v1/libraries',
  tags,
  summary: 'The libraries that this account may open',
  responses: { 200: json(z.object({ libraries: z.array(Library) }), 'With the head of each log.'), ...problems },
});

const snapshot = createRoute({
  method: 'get',
  path: '/api/v1/libraries/{library}/snapshot',
  tags,
  summary: 'The library as it is, newest capture first (rules C1, C2)',
  request: { params, query: z.object({ page: z.string().max(200).optional(), limit }) },
  responses: {
    200: {
      description: 'A page; the next one is asked for with `page=` and its `next`. In columns (rule C6) for who accepts them: then the page itself stands in the header, and the server decides how long it is.',
      content: { 'application/json': { schema: SnapshotPage.extend({ entries: z.array(Entry) }) }, [COLUMNS_TYPE]: { schema: z.string().openapi({ format: 'binary' }) } },
      headers: { [PAGE_HEADER]: { description: 'Of a page in columns: all of it but its entries, as JSON.', schema: { type: 'string' } } },
    },
    ...problems,
  },
});

const changes = createRoute({
  method: 'get',
  path: '/api/v1/libraries/{library}/changes',
  tags,
  summary: 'The log after a cursor (rules L2, L3)',
  request: { params, query: z.object({ epoch: Epoch, after: digits.pipe(Seq), incarnations, read: readUpTo, answered: told, told, generation, limit }) },
  responses: { 200: json(ChangesPage.extend({ entries: z.array(Entry) }), 'A page; the next one begins at its `to`.'), ...problems },
});

export function registerLog(app: App, services: Services): void {
  const fresh = { 'cache-control': 'no-store' };
  app.openapi(libraries, async (c) => c.json({ libraries: (await librariesOf(services.db, c.var.session)).map(libraryOf) }, 200, fresh));
  // What the database holds was validated when it came; its pages go out as they are.
  const lane = new BulkLane();
  app.openapi(snapshot, async (c) => {
    const { page, limit: asked } = c.req.valid('query');
    if (c.req.header('accept')?.includes(COLUMNS_TYPE) === true) {
      return await lane.run(async () => columnsResponse(await readSnapshotColumns(services, c.var.session, c.req.valid('param').library, { page, limit: asked }), c.req.header('accept-encoding') ?? ''));
    }
    return await lane.run(async () => {
      const read = await readSnapshot(services, c.var.session, c.req.valid('param').library, { page, limit: asked ?? LIMIT_DEFAULT });
      return c.json(read as SnapshotPage & { entries: Entry[] }, 200, fresh);
    });
  });
  app.openapi(changes, async (c) => {
    const { epoch, after, incarnations: names, read: upTo, answered, told: others, generation: known, limit: asked } = c.req.valid('query');
    const library = c.req.valid('param').library;
    const read = async () => await readChanges(services, c.var.session, library, { epoch, after, incarnations: writtenAt(names, upTo, after), told: [...(others ?? []), ...(answered ?? [])], generation: known ?? 0, limit: asked ?? LIMIT_DEFAULT });
    const answer = (page: ChangesPage) => c.json(page as ChangesPage & { entries: Entry[] }, 200, fresh);
    // Whoever follows the log asks for little and waits for it; whoever is far behind waits for the others that are.
    const isFar = (await headOf(services.db, library)) - after > FAR_BEHIND;
    return isFar ? await lane.run(async () => answer(await read())) : answer(await read());
  });
}

/** 0 for a library that is not there: the question itself says so. */
async function headOf(db: Services['db'], library: LibraryId): Promise<number> {
  return (await db.selectFrom('library').select('head').where('id', '=', library).executeTakeFirst())?.head ?? 0;
}

/** Kept compressed; who cannot read that gets it plain. */
function columnsResponse({ page, body }: ColumnsPage, acceptedEncodings: string): Response {
  const isCompressed = /\bgzip\b/.test(acceptedEncodings);
  const sent = isCompressed ? body : new Uint8Array(gunzipSync(body));
  return new Response(sent, {
    headers: { 'content-type': COLUMNS_TYPE, 'content-length': String(sent.length), [PAGE_HEADER]: JSON.stringify(page), 'cache-control': 'no-store', ...(isCompressed && { 'content-encoding': 'gzip' }) },
  });
}
