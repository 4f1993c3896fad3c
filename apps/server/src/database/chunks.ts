/**
 * Pieces of a list for queries with many parameters: SQLite takes 32,766 of them, Postgres 65,535.
 * Sizes are rows; the longest table has 20 columns.
 */
export const ROWS_PER_STATEMENT = 500;

export function* chunks<T>(items: Iterable<T>, size: number = ROWS_PER_STATEMENT): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
