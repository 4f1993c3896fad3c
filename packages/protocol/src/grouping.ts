import type { AssetFields } from './entities.ts';
import type { AssetId } from './ids.ts';
import { type Operation, TARGETS_MAX } from './operations.ts';

/** An operation commits as one change and names a bounded number of targets. */
export function inGroups<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / TARGETS_MAX) }, (_, at) => all.slice(at * TARGETS_MAX, (at + 1) * TARGETS_MAX));
}

/** Gives each asset its fields: those that get the same ones go together. */
export function setOperations(wanted: Iterable<{ readonly id: AssetId; readonly fields: Partial<AssetFields> }>): Operation[] {
  const byFields = Map.groupBy(wanted, ({ fields }) => JSON.stringify(fields));
  return [...byFields.values()].flatMap((same) => {
    const fields = same[0]?.fields ?? {};
    return inGroups(same.map(({ id }) => id)).map((assetIds): Operation => ({ op: 'asset.set', assetIds, fields }));
  });
}
