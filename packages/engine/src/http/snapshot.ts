import { type LibraryId, SnapshotPage } from '@everroll/protocol';
import { COLUMNS_TYPE, ColumnsError, decodeColumns, PAGE_HEADER } from '@everroll/protocol/columns';
import { type Failure, type Result, done } from '../ports/failure.ts';
import { mediaTypeOf, parseJson, readBytes, readJson, textOf } from './answer.ts';
import { type Answer, type Connection, faultOf } from './connection.ts';

const Page = SnapshotPage.omit({ entries: true });

/** Some thousand assets are a few megabytes as columns; what is much larger is not Everroll's. */
const COLUMNS_MAX_BYTES = 256 * 1024 * 1024;

/** A page of the snapshot: in columns where the connection can carry them and the server makes them, else as JSON (rule C6). */
export async function askSnapshot(connection: Connection, library: LibraryId, next: string | null, signal: AbortSignal): Promise<Result<SnapshotPage>> {
  const headers = connection.isBinary === true ? { accept: `${COLUMNS_TYPE}, application/json;q=0.5`, 'accept-encoding': 'gzip' } : {};
  const answer = await connection.call({ method: 'GET', path: `/api/v1/libraries/${library}/snapshot${next === null ? '' : `?page=${encodeURIComponent(next)}`}`, headers, signal });
  if (!answer.ok) return answer;
  try {
    return await (answer.value.statusCode === 200 && mediaTypeOf(answer.value.headers) === COLUMNS_TYPE ? readColumns(answer.value) : readJson(answer.value, SnapshotPage));
  } catch (error) {
    return { ok: false, failure: faultOf(connection, error, signal) };
  }
}

async function readColumns(answer: Answer): Promise<Result<SnapshotPage>> {
  const body = await readBytes(answer, COLUMNS_MAX_BYTES);
  const page = Page.safeParse(parseJson(textOf(answer.headers, PAGE_HEADER) ?? ''));
  if (body === undefined || !page.success) return notOurs('a page of the snapshot without its header');
  try {
    return done({ ...page.data, entries: decodeColumns(body) });
  } catch (error) {
    if (error instanceof ColumnsError) return notOurs(error.message);
    throw error;
  }
}

function notOurs(detail: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code: 'proxy_interferes', evidence: { detail: `the answer is not Everroll’s: ${detail}` } } };
}
