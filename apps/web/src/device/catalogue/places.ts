import type { Driver } from '@everroll/engine';
import type { AssetId } from '@everroll/protocol';
import { type Places } from '../contract/assets.ts';
import { RowFlag } from '../contract/collections.ts';
import type { Catalogue } from './catalogue.ts';

/** All that have a place, of what the timeline shows. */
export function placesOf(driver: Driver, { columns, live }: Catalogue): Places {
  const wanted = RowFlag.placed;
  const shown = new Set(live.filter((slot) => ((columns.data.flags[slot] ?? 0) & (wanted | RowFlag.hidden | RowFlag.archived)) === wanted));
  const rows = driver
    .prepare("SELECT substr(key, 7) AS id, row ->> '$.place.latitude' AS latitude, row ->> '$.place.longitude' AS longitude FROM entity WHERE kind = 'asset' AND state = 'live' AND row ->> '$.place' IS NOT NULL")
    .all()
    .filter((row) => shown.has(columns.find(String(row['id']))));
  return {
    ids: rows.map((row) => String(row['id']) as AssetId),
    latitudes: Float32Array.from(rows, (row) => Number(row['latitude'])),
    longitudes: Float32Array.from(rows, (row) => Number(row['longitude'])),
  };
}
