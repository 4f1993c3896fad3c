import type { Compilable, CompiledQuery } from 'kysely';
import type { Queries } from './open.ts';

/**
 * A query that is built and compiled once, for what nearly every request asks: there Kysely takes
 * longer to write the SQL than SQLite to answer it. Gives the first row, if there is one.
 *
 * @param build with its parameters in the order in which they stand in the SQL; it sees placeholders for them
 */
export function prepared<Parameters extends readonly unknown[], Row>(build: (db: Queries, ...parameters: Parameters) => Compilable<Row>): (db: Queries, ...parameters: Parameters) => Promise<Row | undefined> {
  let compiled: CompiledQuery<Row> | undefined;
  const compile = (db: Queries): CompiledQuery<Row> => {
    const placeholders = Array.from({ length: build.length - 1 }, (_, index) => `parameter ${index}`);
    const query = build(db, ...(placeholders as unknown as Parameters)).compile();
    if (query.parameters.join() !== placeholders.join()) throw new Error(`The parameters stand in another order: ${query.sql}`);
    return query;
  };
  return async (db, ...parameters) => {
    compiled ??= compile(db);
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters });
    return rows[0];
  };
}
