/** The sizes of renditions, in pixels. None is ever larger than the original. */

export type Size = { readonly width: number; readonly height: number }

/**
 * `preview` fits into a square of this edge: a screen's worth of a photo.
 */
export const previewEdge = 1440

/**
 * `thumb` has a shorter edge of 250, so that rows of 250 points and square cells of 250 points both are filled without
 * enlarging; the longer edge is bounded, because a panorama in a row is cut or scaled down to the row's width.
 */
export const thumbShortEdge = 250
export const thumbLongEdge = 1000

/** The placeholder's limit (thumbhash: "must be <= 100"). */
export const thumbhashEdge = 100

export const previewSize = (original: Size): Size => scaledBy(original, previewEdge / Math.max(original.width, original.height))

export function thumbSize(original: Size): Size {
  const short = Math.min(original.width, original.height)
  const long = Math.max(original.width, original.height)
  return scaledBy(original, Math.min(thumbShortEdge / short, thumbLongEdge / long))
}

export const thumbhashSize = (original: Size): Size => scaledBy(original, thumbhashEdge / Math.max(original.width, original.height))

function scaledBy({ width, height }: Size, factor: number): Size {
  if (factor >= 1) return { width, height }
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) }
}
