import { z } from 'zod';

/**
 * Versions that the server makes of originals. The preview of a video is a frame of it; `edited` is an
 * adjusted photo at the size of its original, made when it is asked for.
 */
export const RenditionName = z.enum(['thumb', 'preview', 'video_preview', 'edited']);
export type RenditionName = z.infer<typeof RenditionName>;

/** The answer while a rendition is not made yet: ask again after `Retry-After`. */
export const RenditionPending = z.object({
  state: z.enum(['queued', 'making']),
  /** 0 to 1, where it is known. */
  progress: z.number().min(0).max(1).nullable(),
});
export type RenditionPending = z.infer<typeof RenditionPending>;
