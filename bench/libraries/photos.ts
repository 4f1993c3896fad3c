import { createHash } from 'node:crypto';
import { deriveAssetId, type AssetId, type LibraryId, type MediaDetails, type Place, type ResourceRole, type Sha256 } from '@everroll/protocol';

/** A photo of a made library: the same number gives the same photo. */
export interface Photo {
  readonly id: AssetId;
  readonly sha256: Sha256;
  readonly kind: 'photo' | 'video' | 'live_photo';
  readonly stem: string;
  readonly capturedAt: number;
  readonly addedAt: number;
  readonly place: Place | null;
  readonly contentIdentifier: string | null;
  readonly isScreenshot: boolean;
  readonly index: number;
}

interface PhotoFile {
  readonly role: ResourceRole;
  readonly sha256: Sha256;
  readonly bytes: number;
  readonly name: string;
  readonly mediaType: string;
  /** As in the server's `plans/kinds.ts`: Live Photo, photo, video. */
  readonly usage: 0 | 1 | 2;
}

const FIRST = Date.UTC(2011, 5, 1);
const LAST = Date.UTC(2026, 5, 1);

const hashOf = (text: string): Sha256 => createHash('sha256').update(text).digest('hex') as Sha256;

export const albumId = (index: number): string => hashOf(`album ${index}`).slice(0, 32);

/** Of 20: one video, six Live Photos, thirteen photos; each year has more than the one before. */
export function photoAt(index: number, of: number, library: LibraryId): Photo {
  const sha256 = hashOf(`photo ${index}`);
  const random = Number.parseInt(sha256.slice(0, 8), 16) / 2 ** 32;
  const kind = index % 20 === 0 ? 'video' : index % 20 < 7 ? 'live_photo' : 'photo';
  const capturedAt = Math.floor(FIRST + (LAST - FIRST) * Math.sqrt((index + random) / of));
  const near = Number.parseInt(sha256.slice(8, 16), 16) / 2 ** 32;
  return {
    id: deriveAssetId(library, sha256),
    sha256,
    kind,
    stem: `IMG_${String(index % 10_000).padStart(4, '0')}`,
    capturedAt,
    addedAt: capturedAt + 3_600_000,
    place: random < 0.7 ? { latitude: round(48 + 4 * near, 1e6), longitude: round(11 + 3 * random, 1e6), altitude: round(500 * near, 10) } : null,
    contentIdentifier: kind === 'live_photo' ? hashOf(`pair ${index}`).slice(0, 32).toUpperCase() : null,
    isScreenshot: kind === 'photo' && index % 20 === 19,
    index,
  };
}

const round = (value: number, steps: number): number => Math.round(value * steps) / steps;

export function filesOf({ index, kind, sha256, stem }: Photo): PhotoFile[] {
  const bytes = 1_000_000 + (Number.parseInt(sha256.slice(16, 22), 16) % 4_000_000);
  if (kind === 'video') return [{ role: 'video', sha256, bytes: bytes * 20, name: `${stem}.MOV`, mediaType: 'video/quicktime', usage: 2 }];
  const usage = kind === 'photo' ? 1 : 0;
  const isJpeg = kind === 'photo' && index % 2 === 0;
  const still: PhotoFile = { role: 'photo', sha256, bytes, name: isJpeg ? `${stem}.JPG` : `${stem}.HEIC`, mediaType: isJpeg ? 'image/jpeg' : 'image/heic', usage };
  return kind === 'photo' ? [still] : [still, { role: 'paired_video', sha256: hashOf(`clip ${index}`), bytes: bytes + 1_000_000, name: `${stem}.MOV`, mediaType: 'video/quicktime', usage }];
}

/** As `packages/media` reads them from a phone's file. */
export function detailsOf({ index, kind, sha256, contentIdentifier, isScreenshot, place }: Photo): MediaDetails {
  const portrait = index % 3 === 0;
  const at = (digit: number, span: number): number => Number.parseInt(sha256.slice(digit, digit + 4), 16) % span;
  return {
    width: portrait ? 3024 : 4032,
    height: portrait ? 4032 : 3024,
    ...(kind === 'video' ? { durationMs: 4_000 + at(24, 60_000), frameRate: 29.97 } : {}),
    codec: kind === 'photo' && index % 2 === 0 ? 'jpeg' : 'hevc',
    ...(index % 4 === 0 ? { hdr: kind === 'video' ? ('dolby_vision' as const) : ('gain_map' as const) } : {}),
    camera: { make: 'Apple', model: `iPhone ${11 + (index % 6)} Pro`, lens: `iPhone ${11 + (index % 6)} Pro back triple camera 6.86mm f/1.78`, software: `${15 + (index % 4)}.${at(28, 6)}` },
    ...(kind === 'video' ? {} : { exposure: { seconds: 1 / (30 + at(32, 2000)), fNumber: 1.78, iso: 50 + at(36, 1600), focalLengthMm: 6.86, focalLength35mm: 24, flashFired: at(40, 20) === 0 } }),
    ...(place === null ? {} : { zone: 'Europe/Berlin' }),
    ...(contentIdentifier === null ? {} : { contentIdentifier }),
    ...(isScreenshot ? { marks: ['screenshot' as const] } : {}),
    thumbhash: Buffer.from(createHash('sha256').update(sha256).digest()).subarray(0, 24).toString('base64'),
  };
}
