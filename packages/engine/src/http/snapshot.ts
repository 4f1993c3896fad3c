import { type LibraryId, SnapshotPage } from '@everroll/protocol';
import { COLUMNS_TYPE, ColumnsError, decodeColumns, PAGE_HEADER } from '@everroll/protocol/columns';
import { type Failure, type Result, done } from '../ports/failure.ts';
import { mediaTypeOf, parseJson, readBytes, readJson, textOf } from './answer.ts';
import { type Answer, type Connection, faultOf } from './connection.ts';

const Page = SnapshotPage.omit({ entries: true });

/** Some thousand assets are a few megabytes as columns; what is much larger is not Everroll's. */
const COLUMNS_MAX_BYTES = 256 * 1024 * 1024;
/** What an entry that was read takes in memory, about. */
const JSON_ENTRY_BYTES = 2_000;

/** A page as it came: in columns it is a tenth of what its entries take in memory. */
export interface PackedPage {
  readonly page: Omit<SnapshotPage, 'entries'>;
  readonly bytes: number;
  /** Throws `ColumnsError`. */
  entries(): readonly unknown[];
}

/** A page of the snapshot: in columns where the connection can carry them and the server makes them, else as JSON (rule C6). */
export async function askPackedSnapshot(connection: Connection, library: LibraryId, next: string | null, signal: AbortSignal): Promise<Result<PackedPage>> {
  const headers = connection.isBinary === true ? { accept: `${COLUMNS_TYPE}, application/json;q=0.5`, 'accept-encoding': 'gzip' } : {};
  const answer = await connection.call({ method: 'GET', path: `/api/v1/libraries/${library}/snapshot${next === null ? '' : `?page=${encodeURIComponent(next)}`}`, headers, signal });
  if (!answer.ok) return answer;
  try {
    if (answer.value.statusCode === 200 && mediaTypeOf(answer.value.headers) === COLUMNS_TYPE) return await readColumns(answer.value);
    const read = await readJson(answer.value, SnapshotPage);
    if (!read.ok) return read;
    const { entries, ...page } = read.value;
    return done({ page, bytes: entries.length * JSON_ENTRY_BYTES, entries: () => entries });
  } catch (error) {
    return { ok: false, failure: faultOf(connection, error, signal) };
  }
}

export async function askSnapshot(connection: Connection, library: LibraryId, next: string | null, signal: AbortSignal): Promise<Result<SnapshotPage>> {
  const packed = await askPackedSnapshot(connection, library, next, signal);
  return packed.ok ? unpackSnapshot(packed.value) : packed;
}

export function unpackSnapshot(packed: PackedPage): Result<SnapshotPage> {
  try {
    return done({ ...packed.page, entries: [...packed.entries()] });
  } catch (error) {
    if (error instanceof ColumnsError) return notOurs(error.message);
    throw error;
  }
}

async function readColumns(answer: Answer): Promise<Result<PackedPage>> {
  const body = await readBytes(answer, COLUMNS_MAX_BYTES);
  const page = Page.safeParse(parseJson(textOf(answer.headers, PAGE_HEADER) ?? ''));
  if (body === undefined || !page.success) return notOurs('a page of the snapshot without its header');
  return done({ page: page.data, bytes: body.length, entries: () => decodeColumns(body) });
}

function notOurs(detail: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code: 'proxy_interferes', evidence: { detail: `the answer is not Everroll’s: ${detail}` } } };
}
