import type { Driver } from '@everroll/engine';
import { type Asset, shownKey } from '@everroll/protocol';
import { type DuplicateGroup, RowFlag } from '../contract.ts';
import type { Catalogue } from './catalogue.ts';
import { isAlike } from './likeness.ts';

/** More than these of one moment are a series of a fast camera, not copies. */
const MOST = 6;
/** Those who copy round to the second, up or down. */
const MOMENT_MS = 1000;
/** A placeholder with so few bytes is of an even surface: a black photo is like any other. */
const TELLING_BYTES = 18;

/**
 * Assets that hold each other's files (rule Q6), and copies of one photo in other files: of one moment
 * with the same picture, or with a placeholder that is the same to the last bit, as a message or an
 * export makes them. The best one stands first.
 */
export function duplicatesOf(driver: Driver, catalogue: Catalogue): DuplicateGroup[] {
  const taken = new Set<string>();
  const groups: DuplicateGroup[] = [];
  const add = (why: DuplicateGroup['why'], ids: readonly string[]): void => {
    const others = ids.filter((id) => !taken.has(id));
    const group = others.length > 1 ? groupOf(driver, why, others) : null;
    if (group === null || group.assets.length < 2) return;
    for (const { id } of group.assets) taken.add(id);
    groups.push(group);
  };
  for (const ids of sameFile(driver)) add('same_file', ids);
  const idsOf = (slots: readonly number[]): string[] => slots.map((slot) => catalogue.columns.idAt(slot));
  for (const slots of sameMoment(catalogue)) add('same_moment', idsOf(slots));
  for (const slots of samePicture(catalogue)) add('same_picture', idsOf(slots));
  return groups;
}

function sameFile(driver: Driver): string[][] {
  return driver
    .prepare("SELECT group_concat(asset_id) AS ids FROM (SELECT DISTINCT original.asset_id, original.sha256 FROM original JOIN entity ON entity.id = entity_id AND entity.state = 'live' AND entity.row ->> '$.hidden' = 0 WHERE role IN ('photo', 'video', 'raw')) GROUP BY sha256 HAVING count(*) > 1")
    .all()
    .map((row) => String(row['ids']).split(','));
}

/** The live ones are in order of their moment, so copies are neighbours. */
function sameMoment(catalogue: Catalogue): number[][] {
  const { columns } = catalogue;
  const { localTimes, flags } = columns.data;
  const slots = [...shown(catalogue)];
  const groups: number[][] = [];
  for (let first = 0; first < slots.length; ) {
    let end = first + 1;
    while (end < slots.length && (localTimes[slots[end - 1] ?? 0] ?? 0) - (localTimes[slots[end] ?? 0] ?? 0) <= MOMENT_MS) end += 1;
    const together = slots.slice(first, end);
    first = end;
    // The photos of a burst are of one moment, and each is a photo of its own.
    const single = together.filter((slot) => ((flags[slot] ?? 0) & RowFlag.burst) === 0);
    if (single.length >= 2 && single.length <= 4 * MOST) groups.push(...alike(catalogue, single));
  }
  return groups;
}

function alike({ columns }: Catalogue, slots: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const slot of slots) {
    const hash = columns.thumbhashAt(slot);
    const isVideo = (columns.data.flags[slot] ?? 0) & RowFlag.video;
    const group = groups.find(([first = -1]) => ((columns.data.flags[first] ?? 0) & RowFlag.video) === isVideo && isAlike(columns.thumbhashAt(first), hash));
    if (group === undefined) groups.push([slot]);
    else group.push(slot);
  }
  return groups.filter(({ length }) => length >= 2 && length <= MOST);
}

/** The same placeholder, to the last bit, at any time. */
function samePicture(catalogue: Catalogue): number[][] {
  const { columns } = catalogue;
  const telling = [...shown(catalogue)].flatMap((slot) => {
    const hash = columns.thumbhashAt(slot);
    return hash.length < TELLING_BYTES ? [] : [{ slot, key: fingerprint(hash) }];
  });
  telling.sort((a, b) => a.key - b.key);
  const groups: number[][] = [];
  for (let first = 0; first < telling.length; ) {
    let end = first + 1;
    while (telling[end]?.key === telling[first]?.key && end < telling.length) end += 1;
    const same = telling.slice(first, end).map(({ slot }) => slot);
    first = end;
    if (same.length < 2) continue;
    // A fingerprint of 32 bits is not yet the same.
    const byHash = Map.groupBy(same, (slot) => columns.thumbhashAt(slot).join(','));
    groups.push(...[...byHash.values()].filter(({ length }) => length >= 2 && length <= MOST));
  }
  return groups;
}

function shown({ columns, live }: Catalogue): Uint32Array {
  return live.filter((slot) => ((columns.data.flags[slot] ?? 0) & RowFlag.hidden) === 0);
}

/** FNV-1a, 32 bits. */
function fingerprint(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function groupOf(driver: Driver, why: DuplicateGroup['why'], ids: readonly string[]): DuplicateGroup {
  const assets = ids.flatMap((id): Asset[] => {
    const row = driver.prepare('SELECT row FROM entity WHERE key = ?').get(`asset:${id}`)?.['row'];
    return typeof row === 'string' ? [JSON.parse(row) as Asset] : [];
  });
  const best = assets.toSorted((a, b) => worth(b) - worth(a) || bytesOf(b) - bytesOf(a) || (a.id < b.id ? -1 : 1));
  return {
    why,
    assets: best.map((asset) => ({ id: asset.id, shown: shownKey(asset), name: asset.resources.find(({ sha256 }) => sha256 === asset.primary)?.name ?? '', bytes: bytesOf(asset) })),
  };
}

const bytesOf = ({ resources }: Asset): number => resources.reduce((sum, { bytes }) => sum + bytes, 0);

/** Pixels first; of as many, the one that kept its video or its RAW, then the one that still says where it was taken. */
function worth({ details, resources, place, mediaKind }: Asset): number {
  const pixels = (details?.width ?? 0) * (details?.height ?? 0);
  return pixels * 8 + (mediaKind === 'live_photo' || details?.motionPhoto !== undefined ? 4 : 0) + (resources.some(({ role }) => role === 'raw') ? 2 : 0) + (place === null ? 0 : 1);
}
