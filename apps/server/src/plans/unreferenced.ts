import type { ExpressionBuilder } from 'kysely';
import type { Database } from '../database/schema.ts';

/** Condition on a row of `resource`: no asset of its library names it, not even one in Recently Deleted. */
export function namedByNoAsset(is: ExpressionBuilder<Database, 'resource'>) {
  return is.not(
    is.exists(
      is
        .selectFrom('asset_resource')
        .select('asset_resource.sha256')
        .whereRef('asset_resource.library_id', '=', 'resource.library_id')
        .whereRef('asset_resource.sha256', '=', 'resource.sha256'),
    ),
  );
}
