import { z } from 'zod';
import { RevisionId, Sha256 } from './ids.ts';

/**
 * How a photo is to look, over an original that is never changed (rules E1 to E6 of docs/protocol.md).
 * What the numbers mean in pixels stands in `packages/media/src/adjust`, once for server and devices.
 */

/** What an offered revision costs in each row of it; the oldest gives way to a further one (rule E3). */
export const OFFERED_MAX = 4;

/** Smaller pieces are no picture. */
const EDGE_MIN = 0.01;
/** Numbers of devices come from sums of fractions: 0.1 + 0.9 may be more than 1. */
const ROUNDING = 1e-6;

/** A part of the picture as it lies after turning: fractions of its width and height from its upper left corner. */
export const Crop = z
  .object({
    left: z.number().min(0).max(1),
    top: z.number().min(0).max(1),
    width: z.number().min(EDGE_MIN).max(1),
    height: z.number().min(EDGE_MIN).max(1),
  })
  .refine(({ left, top, width, height }) => left + width <= 1 + ROUNDING && top + height <= 1 + ROUNDING, 'the crop lies within the picture');
export type Crop = z.infer<typeof Crop>;

export const FilterName = z.enum(['vivid', 'vivid_warm', 'vivid_cool', 'dramatic', 'dramatic_warm', 'dramatic_cool', 'fade', 'mono', 'silvertone', 'noir']);
export type FilterName = z.infer<typeof FilterName>;

/** -1 to 1; 0 changes nothing. */
const Amount = z.number().min(-1).max(1);

export const Recipe = z.object({
  /** Mirrored left to right, before it is turned. A mirror top to bottom is this and two quarter turns. */
  mirrored: z.boolean(),
  /** Clockwise. */
  quarterTurns: z.int().min(0).max(3),
  /** Degrees clockwise about the middle; the crop then shrinks until nothing beside the picture shows. */
  straighten: z.number().min(-45).max(45),
  /** null: all of it. */
  crop: Crop.nullable(),
  exposure: Amount,
  contrast: Amount,
  highlights: Amount,
  shadows: Amount,
  saturation: Amount,
  /** Towards amber. */
  warmth: Amount,
  /** Towards magenta. */
  tint: Amount,
  filter: z.object({ name: FilterName, strength: z.number().min(0).max(1) }).nullable(),
});
export type Recipe = z.infer<typeof Recipe>;

/** The recipe that changes nothing: what an editor begins with. */
export const plainRecipe: Recipe = {
  mirrored: false,
  quarterTurns: 0,
  straighten: 0,
  crop: null,
  exposure: 0,
  contrast: 0,
  highlights: 0,
  shadows: 0,
  saturation: 0,
  warmth: 0,
  tint: 0,
  filter: null,
};

/** A look that a person gave a photo. Its id is random and never stands for another look. */
export const Revision = z.object({
  id: RevisionId,
  /** The revision that the person saw and went on from; null: the photo was never adjusted. */
  base: RevisionId.nullable(),
  /** The file that it is a look of: what the asset showed unadjusted (rule A8) at that time. */
  over: Sha256,
  /** null: as it was before all adjustments ("revert"). */
  recipe: Recipe.nullable(),
});
export type Revision = z.infer<typeof Revision>;

/** A revision in a row, with the server's time of its commit. */
export const CommittedRevision = Revision.extend({ at: z.int() });
export type CommittedRevision = z.infer<typeof CommittedRevision>;

export const Adjustments = z.object({
  current: CommittedRevision,
  /** Made beside the current one, from the same base; the newest first. A person takes one or dismisses it (rule E4). */
  offered: z.array(CommittedRevision).max(OFFERED_MAX),
});
export type Adjustments = z.infer<typeof Adjustments>;

/** One text for equal recipes, whatever order their properties came in. */
export function recipeText(recipe: Recipe | null): string {
  return JSON.stringify(recipe === null ? null : Recipe.parse(recipe));
}
