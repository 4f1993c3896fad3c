import type { Driver } from '@everroll/engine';
import { type Asset, type AssetId, shownKey } from '@everroll/protocol';
import type { DuplicateGroup } from '../contract/assets.ts';
import type { Catalogue } from './catalogue.ts';
import { SlotState } from './columns.ts';

/** More than these of one moment are a series of a fast camera, not copies. */
const MOST = 6;

/**
 * Assets that hold each other's files (rule Q6), and copies of one photo in other files: the same
 * moment and the same picture by its thumbhash, as a message or an export makes them. The largest
 * stands first: it is the one to keep.
 */
export function duplicatesOf(driver: Driver, catalogue: Catalogue): DuplicateGroup[] {
  const { columns, live } = catalogue;
  const byPicture = new Map<string, number[]>();
  for (const slot of live) {
    const hash = columns.thumbhashAt(slot);
    if (hash.length === 0 || columns.data.states[slot] !== SlotState.live) continue;
    const key = `${columns.data.localTimes[slot] ?? 0} ${hash.join(',')}`;
    const group = byPicture.get(key);
    if (group === undefined) byPicture.set(key, [slot]);
    else group.push(slot);
  }
  const sameMoment = [...byPicture.values()].filter((slots) => slots.length > 1 && slots.length <= MOST).map((slots) => groupOf(driver, 'same_moment', slots.map((slot) => columns.idAt(slot))));
  const shared = driver
    .prepare("SELECT group_concat(asset_id) AS ids FROM (SELECT DISTINCT original.asset_id, original.sha256 FROM original JOIN entity ON entity.key = 'asset:' || asset_id AND entity.state = 'live' WHERE role IN ('photo', 'video', 'raw')) GROUP BY sha256 HAVING count(*) > 1")
    .all()
    .map((row) => groupOf(driver, 'same_file', String(row['ids']).split(',')));
  return [...shared, ...sameMoment].filter((group) => group.assets.length > 1);
}

function groupOf(driver: Driver, why: DuplicateGroup['why'], ids: readonly string[]): DuplicateGroup {
  const assets = ids.flatMap((id) => {
    const row = driver.prepare('SELECT row FROM entity WHERE key = ?').get(`asset:${id}`)?.['row'];
    if (typeof row !== 'string') return [];
    const asset = JSON.parse(row) as Asset;
    const name = asset.resources.find(({ sha256 }) => sha256 === asset.primary)?.name ?? '';
    return [{ id: id as AssetId, shown: shownKey(asset), name, bytes: asset.resources.reduce((sum, { bytes }) => sum + bytes, 0) }];
  });
  return { why, assets: assets.toSorted((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1)) };
}
