import type { AssetId, Evidence, ReasonCode, Sha256 } from '@everroll/protocol';
import type { Driver, SqlRow, SqlValue } from '../ports/driver.ts';
import type { Inspection, SourceEntry } from '../ports/source.ts';
import type { Stage } from './stage.ts';

/** A file that a source showed, and how far it has come. */
export interface Item {
  readonly id: number;
  readonly sourceId: number;
  readonly localId: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly identity: string;
  readonly firstSeenAt: number;
  readonly unchangedSince: number;
  readonly stage: Stage;
  readonly sha256: Sha256 | null;
  readonly kind: Inspection['kind'] | null;
  readonly mediaType: string | null;
  readonly capturedAt: number | null;
  readonly captureOffset: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly altitude: number | null;
  readonly contentId: string | null;
  /** Equal for the files of a folder that may be parts of one photo; '' or null: it goes by itself. */
  readonly groupKey: string | null;
  readonly assetId: AssetId | null;
  readonly again: boolean;
  /** The file is a picture in the place of the original; its size and time are the picture's. */
  readonly preview: boolean;
  /** The library had this very file before the server went back, as far as this device knew, or it came from there. */
  readonly had: boolean;
  /** Not evicted before. */
  readonly keptUntil: number;
  readonly code: ReasonCode | null;
  readonly evidence: Evidence;
  readonly since: number | null;
  readonly attempts: number;
  readonly nextAt: number;
}

/** An item whose content is known. */
export type KnownItem = Item & { readonly sha256: Sha256; readonly kind: Inspection['kind']; readonly mediaType: string };

export function itemOf(row: SqlRow): Item {
  const number = (name: string): number | null => (row[name] === null || row[name] === undefined ? null : Number(row[name]));
  const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
  return {
    id: Number(row['id']),
    sourceId: Number(row['source_id']),
    localId: String(row['local_id']),
    name: String(row['name']),
    bytes: Number(row['bytes']),
    modifiedAt: Number(row['modified_at']),
    identity: String(row['identity']),
    firstSeenAt: Number(row['first_seen_at']),
    unchangedSince: Number(row['unchanged_since']),
    stage: row['stage'] as Stage,
    sha256: text('sha256') as Sha256 | null,
    kind: text('kind') as Item['kind'],
    mediaType: text('media_type'),
    capturedAt: number('captured_at'),
    captureOffset: number('capture_offset'),
    latitude: number('latitude'),
    longitude: number('longitude'),
    altitude: number('altitude'),
    contentId: text('content_id'),
    groupKey: text('group_key'),
    assetId: text('asset_id') as AssetId | null,
    again: row['again'] === 1,
    preview: row['preview'] === 1,
    had: row['had'] === 1,
    keptUntil: Number(row['kept_until']),
    code: text('code') as ReasonCode | null,
    evidence: JSON.parse(text('evidence') ?? '{}') as Evidence,
    since: number('since'),
    attempts: Number(row['attempts']),
    nextAt: Number(row['next_at']),
  };
}

export function isKnown(item: Item): item is KnownItem {
  return item.sha256 !== null && item.kind !== null && item.mediaType !== null;
}

/**
 * Items that a condition selects. Ids are asked for first: most questions of a plan find nothing, and
 * naming some thirty columns for that costs ten times as much.
 */
export function itemsWhere(driver: Driver, condition: string, ...parameters: SqlValue[]): Item[] {
  return driver
    .prepare(`SELECT id FROM item WHERE ${condition}`)
    .all(...parameters)
    .flatMap((row) => readItem(driver, Number(row['id'])) ?? []);
}

export function readItem(driver: Driver, id: number): Item | undefined {
  const row = driver.prepare('SELECT * FROM item WHERE id = ?').get(id);
  return row && itemOf(row);
}

export function entryOf(item: Item): SourceEntry {
  return { localId: item.localId, name: item.name, bytes: item.bytes, modifiedAt: item.modifiedAt, identity: item.identity };
}
