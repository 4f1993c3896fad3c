import { z } from 'zod';
import { FileName, MediaKind, Milliseconds, Seq } from './entities.ts';
import { AssetId } from './ids.ts';

/** Where a person finds space to free (rule Q6). */
export const FreeUpSection = z.enum(['videos', 'duplicates', 'screenshots', 'recentlyDeleted']);
export type FreeUpSection = z.infer<typeof FreeUpSection>;

/** How many videos "the largest videos" are, unless a person asks for more or fewer. */
export const LARGEST_VIDEOS = 20;

const Frees = z.object({
  items: z.int(),
  /**
   * Bytes that come back when all of them are gone together: moved to Recently Deleted, and that
   * emptied. Bytes that an asset which stays names too do not.
   */
  freesBytes: z.int(),
});

/** Each section as a whole; of videos the `LARGEST_VIDEOS`. */
export const FreeUpSummary = z.object({ videos: Frees, duplicates: Frees, screenshots: Frees, recentlyDeleted: Frees });
export type FreeUpSummary = z.infer<typeof FreeUpSummary>;

export const FreeUpItem = z.object({
  assetId: AssetId,
  /** Of the row that is shown: what a purge names as seen (rule M7). */
  seq: Seq,
  name: FileName,
  mediaKind: MediaKind,
  capturedAt: Milliseconds,
  /** All of its resources. */
  bytes: z.int(),
  /** Those that come back when it alone goes. */
  freesBytes: z.int(),
});
export type FreeUpItem = z.infer<typeof FreeUpItem>;

/** `freesBytes` is for the items of this page together, which may be more than their sum: two may share bytes. */
export const FreeUpPage = z.object({ items: z.array(FreeUpItem), freesBytes: z.int(), next: z.string().max(60).nullable() });
export type FreeUpPage = z.infer<typeof FreeUpPage>;
