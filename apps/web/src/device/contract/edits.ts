/**
 * An edit as instructions: the original stays as it is, and every device draws the same from them.
 * All numbers are in [-1, 1] with 0 for "as it was", unless said otherwise.
 */
export interface Edit {
  /** Turned clockwise by quarters before anything else. */
  readonly quarterTurns: 0 | 1 | 2 | 3;
  readonly flippedHorizontally: boolean;
  readonly flippedVertically: boolean;
  /** Degrees clockwise, -45 to 45, about the middle; what falls outside is cropped. */
  readonly straightenDegrees: number;
  /** What is left of the turned picture, in parts of its width and height, 0 to 1; null: all. */
  readonly crop: { readonly left: number; readonly top: number; readonly width: number; readonly height: number } | null;
  readonly light: { readonly exposure: number; readonly brilliance: number; readonly highlights: number; readonly shadows: number; readonly contrast: number; readonly brightness: number; readonly blackPoint: number };
  readonly colour: { readonly saturation: number; readonly vibrance: number; readonly warmth: number; readonly tint: number };
  readonly detail: { readonly sharpness: number; readonly definition: number; readonly noiseReduction: number; readonly vignette: number };
  readonly filter: { readonly name: FilterName; /** 0 to 1. */ readonly strength: number } | null;
}

export type FilterName = 'vivid' | 'vivid_warm' | 'vivid_cool' | 'dramatic' | 'dramatic_warm' | 'dramatic_cool' | 'mono' | 'silvertone' | 'noir';

/** An edit that the library knows. `id` names it; a later one says which it was made from. */
export interface SavedEdit {
  readonly id: string;
  readonly base: string | null;
  readonly edit: Edit;
  readonly madeAt: number;
}

export const noEdit: Edit = {
  quarterTurns: 0,
  flippedHorizontally: false,
  flippedVertically: false,
  straightenDegrees: 0,
  crop: null,
  light: { exposure: 0, brilliance: 0, highlights: 0, shadows: 0, contrast: 0, brightness: 0, blackPoint: 0 },
  colour: { saturation: 0, vibrance: 0, warmth: 0, tint: 0 },
  detail: { sharpness: 0, definition: 0, noiseReduction: 0, vignette: 0 },
  filter: null,
};
