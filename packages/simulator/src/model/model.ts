import type { AssetId, LibraryId } from '@everroll/protocol';
import type { LookAct } from './looks.ts';

/**
 * What the world knows by itself: every photo that was taken, and every act of a person. No check
 * asks the code that is tested what it believes to be true; it is asked only what it holds.
 */
export interface PhotoTruth {
  readonly sha256: string;
  readonly bytes: number;
  readonly library: LibraryId;
  readonly kind: string;
  readonly contentIdentifier: string | null;
  /** Equal for the files of one shot, which the library joins to one photo; null: it came alone. */
  readonly shot: string | null;
  /** Why its loss would be nobody's fault: a person or a disaster of the world destroyed every copy. */
  gone: string | null;
  /** Its bytes lie at the server alone, in no asset, since then by the server's clock: the person deleted its last file before its device said that it is saved. */
  leftSince: number | null;
}

export interface Caption {
  readonly device: string;
  readonly text: string;
}

export class Model {
  readonly photos = new Map<string, PhotoTruth>();
  /**
   * Hashes whose bytes rotted on the server, until it has them again from a device: the code cannot prevent
   * that, and must notice, ask for them and not spread it. Not
   * photos alone: half a photo that was saved while it was being written rots like any other.
   */
  readonly rotten = new Set<string>();
  /**
   * Hashes that rows name which an operator put beside older originals. It lasts until the server
   * has the bytes again, as the devices that hold them send them once they are asked.
   */
  readonly unmatched = new Set<string>();
  /** By `library/asset`: when, by the server's clock, a person first moved it to Recently Deleted. */
  readonly trashed = new Map<string, number>();
  /** By `library/hash`: bytes that a person deleted, for good or into Recently Deleted. */
  readonly deletedBytes = new Map<string, { readonly at: number; purged: boolean }>();
  /** By `library/asset`. */
  readonly captions = new Map<string, Caption[]>();
  /** By `library/asset`: what people did to its look, in the order in which they did it. */
  readonly looks = new Map<string, LookAct[]>();
  readonly purgedAssets = new Set<string>();
  /** Albums that a person made, and those that a person deleted. */
  readonly albums = new Map<string, { readonly library: LibraryId; readonly device: string }>();
  readonly deletedAlbums = new Set<string>();
  /** Devices whose queue a person or a disaster threw away. */
  readonly forgetful = new Set<string>();
  /** The server went back to an older state without the devices' knowledge of when. */
  rollbacks = 0;
  /** By device: the epoch in which it cannot yet know that the server went back, as nobody told it. */
  readonly unaware = new Map<string, string>();
  /** Somebody asked for a deleted photo back. */
  wanted = false;
  /** By account whose plan was made smaller than what is stored, now or in a backup that was put back: the bytes, of which there may be no more. */
  readonly overfull = new Map<string, number>();

  take(photo: Omit<PhotoTruth, 'gone' | 'leftSince' | 'shot'>, shot: string | null = null): void {
    const key = photoKey(photo.library, photo.sha256);
    if (!this.photos.has(key)) this.photos.set(key, { ...photo, shot, gone: null, leftSince: null });
  }

  photo(library: LibraryId, sha256: string): PhotoTruth | undefined {
    return this.photos.get(photoKey(library, sha256));
  }

  trash(library: LibraryId, asset: AssetId, hashes: readonly string[], at: number): void {
    const key = `${library}/${asset}`;
    if (!this.trashed.has(key)) this.trashed.set(key, at);
    for (const sha256 of hashes) {
      const bytes = photoKey(library, sha256);
      if (!this.deletedBytes.has(bytes)) this.deletedBytes.set(bytes, { at, purged: false });
    }
  }

  purge(library: LibraryId, asset: AssetId, hashes: readonly string[], at: number): void {
    this.trash(library, asset, hashes, at);
    this.purgedAssets.add(`${library}/${asset}`);
    for (const sha256 of hashes) this.deletedBytes.set(photoKey(library, sha256), { at: this.deletedBytes.get(photoKey(library, sha256))?.at ?? at, purged: true });
  }
}

export function photoKey(library: LibraryId, sha256: string): string {
  return `${library}/${sha256}`;
}
