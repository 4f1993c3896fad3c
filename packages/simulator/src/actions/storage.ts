import type { AssetId } from '@everroll/protocol';
import { chosen, type Handlers } from './handler.ts';

/** Photos here have some hundred bytes. */
const LIMITS: readonly (number | null)[] = [0, 0, 500, 1_500, null];

export const storageHandlers: Handlers = {
  'optimise': (_world, device, action) =>
    device.ask((engine) => {
      const change = action.y % 6 === 0 ? ({ originals: 'keep' } as const) : ({ originals: 'optimise', storageLimitBytes: chosen(LIMITS, action.x) ?? null } as const);
      engine.set(change);
      return `is set to ${JSON.stringify(change)}`;
    }) ?? null,
  'free space': (_world, device, action) => device.ask((engine) => `frees space; ${engine.free(action.x % 2 === 0 ? null : 400).items} originals can give way`) ?? null,
  'open original': (_world, device, action) => {
    const evicted = chosen(device.database.rows("SELECT DISTINCT asset_id FROM item WHERE stage = 'evicted' AND asset_id IS NOT NULL ORDER BY asset_id"), action.x);
    if (!evicted) return null;
    device.followed.asked = true;
    return device.ask((engine) => `opens ${String(evicted['asset_id']).slice(0, 8)}: ${engine.ask({ assetId: String(evicted['asset_id']) as AssetId }, true)}`) ?? null;
  },
};
