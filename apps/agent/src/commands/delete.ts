import { inGroups } from '@everroll/protocol';
import { formatItems } from '../output/format.ts';
import { act } from './act.ts';
import { type Context, withLibrary } from './context.ts';
import { namedAssets } from './named-assets.ts';
import type { Outcome } from './outcome.ts';

export function deleteCommand(context: Context, names: readonly string[]): Promise<Outcome> {
  return withLibrary(context, (device) => {
    const named = namedAssets(device.engine, names);
    if (!named.ok) return named.outcome;
    const assetIds = named.assets.map(({ id }) => id);
    return act(device, inGroups(assetIds).map((group) => ({ op: 'asset.trash', assetIds: group })), { assetIds }, `${formatItems(assetIds.length)} moved to Recently Deleted, for 30 days.`);
  });
}

export function recoverCommand(context: Context, names: readonly string[]): Promise<Outcome> {
  return withLibrary(context, (device) => {
    const named = namedAssets(device.engine, names);
    if (!named.ok) return named.outcome;
    const assetIds = named.assets.map(({ id }) => id);
    return act(device, inGroups(assetIds).map((group) => ({ op: 'asset.recover', assetIds: group })), { assetIds }, `${formatItems(assetIds.length)} recovered.`);
  });
}

/** For ever, and only out of Recently Deleted; `saw` lets the server refuse where someone edited it since (rule M7). */
export function purgeCommand(context: Context, names: readonly string[]): Promise<Outcome> {
  return withLibrary(context, (device) => {
    const named = namedAssets(device.engine, names);
    if (!named.ok) return named.outcome;
    const saw = device.engine.status().cursor?.seq ?? 0;
    const assetIds = named.assets.map(({ id }) => id);
    return act(device, assetIds.map((assetId) => ({ op: 'asset.purge', assetId, saw })), { assetIds }, `${formatItems(assetIds.length)} deleted for ever.`);
  });
}
