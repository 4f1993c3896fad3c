import type { Driver } from '@everroll/engine';
import { RowFlag } from '../contract/collections.ts';
import type { SearchQuery } from '../contract/search.ts';
import { albumAssets } from './albums.ts';
import type { Catalogue } from './catalogue.ts';
import { dateWord } from './date-words.ts';
import { isOfKind } from './kinds.ts';

const DAY_MS = 86_400_000;

/** What a query finds, in the order of the timeline. What the columns can tell is asked first. */
export function searchSlots(driver: Driver, catalogue: Catalogue, query: SearchQuery): Uint32Array<ArrayBuffer> {
  const { columns } = catalogue;
  const from = query.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(`${query.from}T00:00:00Z`);
  const to = query.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(`${query.to}T00:00:00Z`) + DAY_MS;
  const inAlbum = query.album === undefined ? undefined : new Set(albumAssets(driver, query.album).map((id) => columns.find(id)));
  const byRow = rowConditions(query, catalogue);
  const inPlace = query.place === undefined ? undefined : new Set(catalogue.towns.of(catalogue, query.place).map((id) => columns.find(id)));
  const found = catalogue.live.filter((slot) => {
    const flags = columns.data.flags[slot] ?? 0;
    const time = columns.data.localTimes[slot] ?? 0;
    return (
      (flags & RowFlag.hidden) === 0 &&
      time >= from &&
      time < to &&
      (query.dayOfYear === undefined || new Date(time).toISOString().slice(-19, -14) === query.dayOfYear) &&
      (query.favourite === undefined || (flags & RowFlag.favourite) !== 0) &&
      (query.box === undefined || (flags & RowFlag.placed) !== 0) &&
      (query.kind === undefined || isOfKind(catalogue, slot, query.kind)) &&
      (inAlbum === undefined || inAlbum.has(slot)) &&
      (inPlace === undefined || inPlace.has(slot))
    );
  });
  if (byRow === null) return found;
  const matching = new Set(
    driver
      .prepare(`SELECT substr(key, 7) AS id FROM entity WHERE kind = 'asset' AND state = 'live' AND ${byRow.where}`)
      .all(...byRow.parameters)
      .map((row) => columns.find(String(row['id']))),
  );
  return found.filter((slot) => matching.has(slot));
}

/** What only the rows themselves tell; null: nothing of the query. */
function rowConditions({ text, camera, lens, box }: SearchQuery, catalogue: Catalogue): { readonly where: string; readonly parameters: (string | number)[] } | null {
  const conditions: string[] = [];
  const parameters: (string | number)[] = [];
  const add = (condition: string, ...values: (string | number)[]): void => {
    conditions.push(condition);
    parameters.push(...values);
  };
  for (const word of wordsOf(text ?? '')) {
    const like = `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    const date = dateWord(word);
    add(
      `(${SEARCHED} LIKE ? ESCAPE '\\' OR ${IN_ALBUM} OR substr(key, 7) IN (SELECT value FROM json_each(?))${date === null ? '' : ` OR strftime(?, ${TAKEN_S}, 'unixepoch') = ?`})`,
      like,
      like,
      JSON.stringify(catalogue.towns.named(catalogue, word)),
      ...(date === null ? [] : [date.format, date.value]),
    );
  }
  if (camera !== undefined) add(`${CAMERA} = ?`, camera);
  if (lens !== undefined) add("row ->> '$.details.camera.lens' = ?", lens);
  if (box !== undefined) {
    add("row ->> '$.place.latitude' BETWEEN ? AND ?", box.south, box.north);
    add(box.west <= box.east ? "row ->> '$.place.longitude' BETWEEN ? AND ?" : "(row ->> '$.place.longitude' >= ? OR row ->> '$.place.longitude' <= ?)", box.west, box.east);
  }
  return conditions.length === 0 ? null : { where: conditions.join(' AND '), parameters };
}

/** A camera as people name it: its model, which most makers begin with their name. */
export const CAMERA = "coalesce(row ->> '$.details.camera.model', row ->> '$.details.camera.make')";

/** When it was taken by the clocks of that place, in seconds. */
const TAKEN_S = "captured_at / 1000 + coalesce(row ->> '$.capture.offsetMinutes', 0) * 60";

/** All words of a row that a person may look for. LIKE folds the case of ASCII alone; the row is as it was written. */
const SEARCHED = `(coalesce(row ->> '$.caption', row ->> '$.details.caption', '') || ' ' || coalesce(row ->> '$.details.keywords', '') || ' ' || coalesce(row ->> '$.details.camera.make', '') || ' ' || coalesce(row ->> '$.details.camera.model', '')
  || ' ' || (SELECT coalesce(group_concat(value ->> '$.name', ' '), '') FROM json_each(row, '$.resources')))`;
const IN_ALBUM = `EXISTS (SELECT 1 FROM entity AS album JOIN entity AS item ON item.key = 'album_item:' || substr(album.key, 7) || '/' || substr(entity.key, 7)
  WHERE album.kind = 'album' AND album.row ->> '$.name' LIKE ? ESCAPE '\\' AND album.row ->> '$.deleted' = 0 AND item.row ->> '$.present' = 1)`;

export function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/u).filter((word) => word !== '').slice(0, 10);
}
