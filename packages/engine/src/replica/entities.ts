import { type Album, type AlbumItem, apply, type Asset, type Entity, type EntityKey, keyOf, keyText, NOWHERE, type Operation, type Rows } from '@everroll/protocol';
import { doubtEvictedOf } from '../optimise/unconfirmed.ts';
import type { Driver, SqlRow } from '../ports/driver.ts';
import { refreshOriginals } from './originals.ts';
import { noteWanted } from './wanted.ts';

/**
 * The replica's rows. What is shown is the server's row with the pending mutations applied over it
 * (rule M4); both come from `apply` of the protocol, so a device shows what the server will decide.
 */
interface Stored {
  readonly seq: number;
  readonly overlaid: boolean;
  readonly shown: Entity | undefined;
  readonly base: Entity | undefined;
}

function entityOf(kind: string, text: unknown): Entity | undefined {
  return typeof text === 'string' ? ({ kind, row: JSON.parse(text) } as Entity) : undefined;
}

function storedOf(row: SqlRow): Stored {
  const kind = String(row['kind']);
  const shown = entityOf(kind, row['row']);
  const overlaid = row['overlaid'] === 1;
  return { seq: Number(row['seq']), overlaid, shown, base: overlaid ? entityOf(kind, row['base']) : shown };
}

function load(driver: Driver, key: string): Stored | undefined {
  const row = driver.prepare('SELECT * FROM entity WHERE key = ?').get(key);
  return row && storedOf(row);
}

export function shownAsset(driver: Driver, id: string): Asset | undefined {
  const entity = load(driver, `asset:${id}`)?.shown;
  return entity?.kind === 'asset' ? entity.row : undefined;
}

/** The row as the server has committed it in the epoch that holds, with its `seq`. */
export function baseAsset(driver: Driver, id: string): { asset: Asset; seq: number } | undefined {
  const stored = load(driver, `asset:${id}`);
  return stored?.base?.kind === 'asset' && stored.seq > 0 ? { asset: stored.base.row, seq: stored.seq } : undefined;
}

export function shownAlbum(driver: Driver, id: string): Album | undefined {
  const entity = load(driver, `album:${id}`)?.shown;
  return entity?.kind === 'album' ? entity.row : undefined;
}

function shownItem(driver: Driver, albumId: string, assetId: string): AlbumItem | undefined {
  const entity = load(driver, `album_item:${albumId}/${assetId}`)?.shown;
  return entity?.kind === 'album_item' ? entity.row : undefined;
}

/** What deciding an operation here reads: the rows shown. What only the server knows is taken as granted. */
export function shownRows(driver: Driver): Rows {
  return {
    asset: (id) => shownAsset(driver, id),
    album: (id) => shownAlbum(driver, id),
    item: (albumId, assetId) => shownItem(driver, albumId, assetId),
    foreignSeq: () => 0,
    wasPurged: () => false,
    isStored: () => true,
    offerBaseline: () => NOWHERE,
  };
}

/** Stores a row of the server's log, unless the one here is as new (rule L5), under what is pending. */
export function storeEntry(driver: Driver, entity: Entity, seq: number, snapshot: number, now: number): void {
  const key = keyText(keyOf(entity));
  const stored = load(driver, key);
  if (stored && stored.seq >= seq && stored.base) {
    driver.prepare('UPDATE entity SET snapshot = ? WHERE key = ?').run(snapshot, key);
    return;
  }
  write(driver, key, seq, snapshot, entity, overlay(driver, key, entity, now), stored?.base, now);
  if (entity.kind === 'asset') noteWanted(driver, entity.row.id, entity.row, seq, now);
}

/** Shows a new pending mutation at once. The caller has put it into the outbox. */
export function showPending(driver: Driver, keys: readonly EntityKey[], now: number): void {
  for (const key of keys) refold(driver, keyText(key), now);
}

/** Shows again what is pending on a row after a mutation came or went. */
export function refold(driver: Driver, key: string, now: number): void {
  const stored = load(driver, key);
  write(driver, key, stored?.base ? stored.seq : 0, null, stored?.base, overlay(driver, key, stored?.base, now), stored?.base, now);
}

/** Removes the rows that a complete snapshot did not show: they were purged while this device was away. */
export function dropUnseen(driver: Driver, snapshot: number, now: number): void {
  const unseen = driver.prepare('SELECT key FROM entity WHERE snapshot < ? AND seq > 0').all(snapshot);
  for (const { key } of unseen) drop(driver, String(key), snapshot, now);
}

/** Removes the rows that the log of this epoch does not have and that nobody offers any more, from under what is pending too. */
export function dropUnoffered(driver: Driver, snapshot: number, now: number): void {
  const left = driver.prepare('SELECT key FROM entity WHERE seq = 0 AND (overlaid = 0 OR base IS NOT NULL) AND key NOT IN (SELECT key FROM offer)').all();
  for (const { key } of left) drop(driver, String(key), snapshot, now);
}

/** The server has no such row; what is pending on it is shown by itself. */
function drop(driver: Driver, key: string, snapshot: number, now: number): void {
  write(driver, key, 0, snapshot, undefined, overlay(driver, key, undefined, now), undefined, now);
  if (!key.startsWith('asset:')) return;
  const assetId = key.slice('asset:'.length);
  noteWanted(driver, assetId, undefined, 0, now);
  // What was verified is so by a row of the log.
  driver.prepare("UPDATE item SET stage = 'ask', next_at = 0 WHERE asset_id = ? AND stage = 'verified' AND sha256 IS NOT NULL").run(assetId);
}

type Overlay = { readonly pending: false } | { readonly pending: true; readonly shown: Entity | undefined };

function overlay(driver: Driver, key: string, base: Entity | undefined, now: number): Overlay {
  const pending = driver
    .prepare('SELECT outbox.operation FROM outbox_key JOIN outbox USING (number) WHERE outbox_key.key = ? ORDER BY number')
    .all(key);
  if (pending.length === 0) return { pending: false };
  let shown = base;
  for (const { operation } of pending) {
    const outcome = apply(JSON.parse(String(operation)) as Operation, over(shownRows(driver), key, shown), now);
    if (outcome.outcome !== 'changed') continue;
    shown = outcome.entities.find((entity) => keyText(keyOf(entity)) === key) ?? shown;
  }
  return { pending: true, shown };
}

/** The rows shown, except that `key` is what the replay has made of it so far. */
function over(rows: Rows, key: string, shown: Entity | undefined): Rows {
  return {
    ...rows,
    asset: (id) => (`asset:${id}` === key ? (shown?.kind === 'asset' ? shown.row : undefined) : rows.asset(id)),
    album: (id) => (`album:${id}` === key ? (shown?.kind === 'album' ? shown.row : undefined) : rows.album(id)),
    item: (albumId, assetId) =>
      `album_item:${albumId}/${assetId}` === key ? (shown?.kind === 'album_item' ? shown.row : undefined) : rows.item(albumId, assetId),
  };
}

/**
 * @param snapshot null keeps the one that stands.
 * @param before the server's row that stood here
 */
function write(driver: Driver, key: string, seq: number, snapshot: number | null, base: Entity | undefined, pending: Overlay, before: Entity | undefined, now: number): void {
  const shown = pending.pending ? pending.shown : base;
  if (!shown && !base) {
    driver.prepare('DELETE FROM entity WHERE key = ?').run(key);
  } else {
    const kind = (shown ?? base)?.kind ?? '';
    driver
      .prepare(
        `INSERT INTO entity (key, kind, seq, row, base, overlaid, state, captured_at, snapshot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, 0))
         ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, row = excluded.row, base = excluded.base, overlaid = excluded.overlaid,
           state = excluded.state, captured_at = excluded.captured_at, snapshot = max(snapshot, excluded.snapshot)`,
      )
      .run(
        key,
        kind,
        seq,
        shown ? JSON.stringify(shown.row) : null,
        pending.pending && base ? JSON.stringify(base.row) : null,
        pending.pending ? 1 : 0,
        shown?.kind === 'asset' ? shown.row.state : null,
        shown?.kind === 'asset' ? shown.row.capture.at : null,
        snapshot,
      );
  }
  if (!key.startsWith('asset:')) return;
  const assetId = key.slice('asset:'.length);
  refreshOriginals(driver, assetId, assetOf(shown), seq > 0 ? assetOf(base) : undefined, assetOf(before));
  if (!shown && !base) doubtEvictedOf(driver, assetId, now);
}

function assetOf(entity: Entity | undefined): Asset | undefined {
  return entity?.kind === 'asset' ? entity.row : undefined;
}
