import { z } from 'zod';
import { Milliseconds } from './entities.ts';

const Sum = z.object({ count: z.int(), bytes: z.int() });

/** `POST /api/v1/scrub`: every original is read again, now (rule S1). */
export const ScrubRequest = z.object({
  /** The folder of originals is not the one that the server knows, and its owner says that the other is gone for good (rule S3). */
  originalsAreGone: z.boolean().default(false),
});
export type ScrubRequest = z.infer<typeof ScrubRequest>;

/** `GET /api/v1/scrub`: how the originals of a server stand. An original that two libraries hold counts in both. */
export const ScrubStanding = z.object({
  held: Sum,
  /** Lost: the devices that have them are asked to send them again. */
  missing: Sum,
  damaged: Sum,
  lostSince: Milliseconds.nullable(),
  /** Of what was asked to be read now: what was not read since. */
  left: Sum,
  askedAt: Milliseconds.nullable(),
  /** When every row was last compared with the store, or the store was found not to be there. */
  inventoryAt: Milliseconds.nullable(),
  readAt: Milliseconds.nullable(),
  /** The one that was not read for the longest time. */
  oldestReadAt: Milliseconds.nullable(),
  /** Since when the store is not there at all. */
  absentSince: Milliseconds.nullable(),
});
export type ScrubStanding = z.infer<typeof ScrubStanding>;
