import { z } from 'zod';
import { RevisionId } from './ids.ts';

/**
 * What the server read from an asset's originals. It is derived: nobody sets it, it can be made
 * again at any time, and what a person writes (`AssetFields`) goes before it. A property that is
 * absent is one that the file does not say. It travels in the asset's row (rule A6), so that each
 * device can lay the timeline out, search by camera and show the information panel offline.
 */

const Text = z.string().min(1).max(1000);
const Positive = z.number().positive().max(1e12);

export const HdrKind = z.enum([
  /** A still with a gain map beside its base image (Apple, Ultra HDR, ISO 21496-1). */
  'gain_map',
  /** Hybrid log-gamma (ITU-R BT.2100). */
  'hlg',
  /** Perceptual quantiser (SMPTE ST 2084), with HDR10 metadata or without. */
  'pq',
  /** Dolby Vision; profile 8.4, which phones record, has an HLG base layer. */
  'dolby_vision',
]);
export type HdrKind = z.infer<typeof HdrKind>;

/** What a photo is beside a photo, as cameras mark it. */
export const MediaMark = z.enum(['panorama', 'screenshot', 'edited', 'portrait', 'slow_motion', 'time_lapse', 'spatial', 'animated']);
export type MediaMark = z.infer<typeof MediaMark>;

export const Camera = z.object({ make: Text.exactOptional(), model: Text.exactOptional(), lens: Text.exactOptional(), software: Text.exactOptional() });

export const Exposure = z.object({
  /** Exposure time. */
  seconds: Positive.exactOptional(),
  /** The f-number: focal length divided by the aperture's diameter. */
  fNumber: Positive.exactOptional(),
  iso: z.int().min(1).max(10_000_000).exactOptional(),
  biasEv: z.number().min(-100).max(100).exactOptional(),
  focalLengthMm: Positive.exactOptional(),
  focalLength35mm: Positive.exactOptional(),
  flashFired: z.boolean().exactOptional(),
});

export const MediaDetails = z.object({
  /** Pixels as displayed: after EXIF orientation, or after a HEIF's `irot` and `imir`. */
  width: z.int().min(1).max(10_000_000).exactOptional(),
  height: z.int().min(1).max(10_000_000).exactOptional(),
  durationMs: z.int().min(0).exactOptional(),
  /** Frames a second as played. */
  frameRate: Positive.exactOptional(),
  /** Lower case, for example `hevc`, `h264`, `av1`, `prores`; of a still the way its pixels are coded, for example `hevc`, `av1`, `jpeg`. */
  codec: z.string().min(1).max(40).exactOptional(),
  hdr: HdrKind.exactOptional(),
  camera: Camera.exactOptional(),
  exposure: Exposure.exactOptional(),
  /** IANA time zone of the place, for example `Europe/Berlin`. */
  zone: z.string().min(1).max(64).exactOptional(),
  /** Apple's identifier that a Live Photo's still and video share. */
  contentIdentifier: Text.exactOptional(),
  /** Shared by the photos of one burst. */
  burstId: Text.exactOptional(),
  /** A video behind the still in the same file (Google, Samsung): where it begins and how long it is, in bytes. */
  motionPhoto: z.object({ offset: z.int().min(0), bytes: z.int().min(1) }).exactOptional(),
  /** As the camera or an editor wrote it into the file. A person's own caption stands in `AssetFields`. */
  caption: z.string().min(1).max(10_000).exactOptional(),
  keywords: z.array(Text).max(200).exactOptional(),
  /** -1 is rejected, 1 to 5 are stars (XMP 1.0, `xmp:Rating`). */
  rating: z.int().min(-1).max(5).exactOptional(),
  marks: z.array(MediaMark).max(8).exactOptional(),
  /** base64 of the placeholder that is shown until the thumbnail is there (thumbhash, some 25 bytes). */
  thumbhash: z.string().max(60).exactOptional(),
  /** The same of the photo as it is adjusted, once that is drawn: of this revision alone. */
  adjusted: z
    .object({ revision: RevisionId, width: z.int().min(1).max(10_000_000), height: z.int().min(1).max(10_000_000), thumbhash: z.string().max(60).exactOptional() })
    .exactOptional(),
  /** Why there are no renditions: the original is kept byte for byte all the same. */
  problem: z.enum(['corrupt_media', 'unsupported_media']).exactOptional(),
});
export type MediaDetails = z.infer<typeof MediaDetails>;
