import { type Asset, lookOf, shownKey } from '@everroll/protocol';
import { RowFlag } from '../contract/collections.ts';
import { appearanceOf } from './appearance.ts';

/** What the catalogue holds of an asset. */
export interface Described {
  readonly id: string;
  readonly isTrashed: boolean;
  readonly shown: string;
  readonly flags: number;
  /** By the camera's wall clock. */
  readonly localTime: number;
  /** What the asset is ordered by: its local time; in Recently Deleted that of the deletion. */
  readonly orderedBy: number;
  readonly durationMs: number;
  readonly ratio: number;
  readonly thumbhash: Uint8Array;
  /** Bits of `kindBits`. */
  readonly kinds: number;
}

/** Kinds that have no flag of their own. */
export const kindBit = { screenshot: 1, portrait: 2, slow_motion: 4, time_lapse: 8 } as const;

const NO_BYTES = new Uint8Array(0);
const UNKNOWN_RATIO = 1000;

/** null: it is shown nowhere (a tombstone, a sidecar that waits for its photo). */
export function describe(asset: Asset, isOnlyHere: boolean): Described | null {
  if (asset.state === 'purged' || asset.resources.length === 0) return null;
  const { details } = asset;
  const { size, thumbhash } = appearanceOf(asset);
  const localTime = asset.capture.at + (asset.capture.offsetMinutes ?? 0) * 60_000;
  const isTrashed = asset.state === 'trashed';
  return {
    id: asset.id,
    isTrashed,
    shown: shownKey(asset),
    flags: flagsOf(asset, isOnlyHere),
    localTime,
    orderedBy: isTrashed ? (asset.trashedAt ?? localTime) : localTime,
    durationMs: details?.durationMs ?? 0,
    ratio: size === null ? UNKNOWN_RATIO : Math.min(65_535, Math.max(1, Math.round((1000 * size.width) / size.height))),
    thumbhash: thumbhash === null ? NO_BYTES : bytesOfBase64(thumbhash),
    kinds: (details?.marks ?? []).reduce((bits, mark) => bits | (mark in kindBit ? kindBit[mark as keyof typeof kindBit] : 0), 0),
  };
}

function flagsOf(asset: Asset, isOnlyHere: boolean): number {
  const { details, mediaKind } = asset;
  const marks = details?.marks ?? [];
  let flags = 0;
  const set = (flag: number, on: boolean): void => {
    if (on) flags |= flag;
  };
  set(RowFlag.favourite, asset.favourite);
  set(RowFlag.hidden, asset.hidden);
  set(RowFlag.archived, asset.archived);
  set(RowFlag.video, mediaKind === 'video');
  set(RowFlag.livePhoto, mediaKind === 'live_photo');
  set(RowFlag.raw, mediaKind === 'raw' || asset.resources.some((resource) => resource.role === 'raw'));
  set(RowFlag.motionPhoto, details?.motionPhoto !== undefined);
  set(RowFlag.panorama, marks.includes('panorama'));
  set(RowFlag.edited, lookOf(asset) !== null || asset.resources.some((resource) => resource.role === 'rendered_edit') || marks.includes('edited'));
  set(RowFlag.noPicture, details?.problem !== undefined || mediaKind === 'sidecar');
  set(RowFlag.onlyHere, isOnlyHere);
  set(RowFlag.placed, asset.place !== null);
  set(RowFlag.hasCaption, (asset.caption ?? details?.caption ?? '') !== '');
  set(RowFlag.animated, marks.includes('animated'));
  set(RowFlag.burst, details?.burstId !== undefined);
  return flags;
}

function bytesOfBase64(text: string): Uint8Array {
  try {
    const characters = atob(text);
    const bytes = new Uint8Array(characters.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = characters.charCodeAt(at);
    return bytes;
  } catch {
    return NO_BYTES;
  }
}
