import type { Crop, Recipe } from '@everroll/protocol'

/**
 * Where each pixel of an adjusted picture comes from. A picture is mirrored, turned by quarters, turned further about
 * its middle (straightened), and of what lies upright then a part is taken (cropped). All lengths are pixels of the
 * picture that is adjusted, all points have their origin in the upper left corner.
 */

export type Size = { readonly width: number; readonly height: number }
export type Point = { readonly x: number; readonly y: number }

/** x' = a·x + c·y + e, y' = b·x + d·y + f, as canvases and SVG write it. */
export type Affine = { readonly a: number; readonly b: number; readonly c: number; readonly d: number; readonly e: number; readonly f: number }

export const wholeCrop: Crop = { left: 0, top: 0, width: 1, height: 1 }

/** The frame: the picture after its quarter turns. Crops are fractions of it. */
export function frameOf({ quarterTurns }: Pick<Recipe, 'quarterTurns'>, { width, height }: Size): Size {
  return quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width }
}

/**
 * The crop that is taken: the one that a person chose, drawn towards the middle until each of its corners lies on the
 * straightened picture. So a picture that is straightened has no empty corners, and turning it back gives the chosen
 * crop again.
 */
export function soundCrop(recipe: Pick<Recipe, 'quarterTurns' | 'straighten' | 'crop'>, picture: Size): Crop {
  const crop = recipe.crop ?? wholeCrop
  if (recipe.straighten === 0) return crop
  const { width, height } = frameOf(recipe, picture)
  const angle = (-recipe.straighten * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  let scale = 1
  for (const across of [crop.left, crop.left + crop.width]) {
    for (const down of [crop.top, crop.top + crop.height]) {
      const [x, y] = [(across - 0.5) * width, (down - 0.5) * height]
      // The corner as the picture lay before it was straightened; at scale s it lies at s times that.
      scale = Math.min(scale, width / 2 / Math.abs(x * cos - y * sin), height / 2 / Math.abs(x * sin + y * cos))
    }
  }
  const inward = (from: number): number => 0.5 + (from - 0.5) * scale
  return { left: inward(crop.left), top: inward(crop.top), width: crop.width * scale, height: crop.height * scale }
}

/** The size of what comes out, in whole pixels, when none is enlarged or reduced. */
export function adjustedSize(recipe: Recipe, picture: Size): Size {
  const frame = frameOf(recipe, picture)
  const crop = soundCrop(recipe, picture)
  return { width: Math.max(1, Math.round(crop.width * frame.width)), height: Math.max(1, Math.round(crop.height * frame.height)) }
}

/** From a point of the frame, straightened, to the point of the picture that is seen there. */
export function frameToPicture({ mirrored, quarterTurns, straighten }: Pick<Recipe, 'mirrored' | 'quarterTurns' | 'straighten'>, picture: Size): Affine {
  const frame = frameOf({ quarterTurns }, picture)
  const angle = (-straighten * Math.PI) / 180
  const back = about({ x: frame.width / 2, y: frame.height / 2 }, { a: Math.cos(angle), b: Math.sin(angle), c: -Math.sin(angle), d: Math.cos(angle), e: 0, f: 0 })
  const { width, height } = picture
  // Undoes the quarter turns: a picture turned once clockwise shows its left edge on top.
  const unturned: Affine = [
    identity,
    { a: 0, b: -1, c: 1, d: 0, e: 0, f: height },
    { a: -1, b: 0, c: 0, d: -1, e: width, f: height },
    { a: 0, b: 1, c: -1, d: 0, e: width, f: 0 },
  ][quarterTurns % 4] ?? identity
  const upright = straighten === 0 ? unturned : after(back, unturned)
  return mirrored ? after(upright, { a: -1, b: 0, c: 0, d: 1, e: width, f: 0 }) : upright
}

/** From a pixel of what comes out to the point of the picture that is seen there. */
export function outputToPicture(recipe: Recipe, picture: Size): Affine {
  const frame = frameOf(recipe, picture)
  const crop = soundCrop(recipe, picture)
  const output = adjustedSize(recipe, picture)
  // Rounded to a pixel, so that an upright crop takes pixels as they are.
  const place = (from: number, length: number, whole: number): number => Math.min(Math.max(0, whole - length), recipe.straighten === 0 ? Math.round(from * whole) : from * whole)
  const moved: Affine = { ...identity, e: place(crop.left, output.width, frame.width), f: place(crop.top, output.height, frame.height) }
  return after(moved, frameToPicture(recipe, picture))
}

export const identity: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }

/** What `first` and then `second` does. */
export function after(first: Affine, second: Affine): Affine {
  return {
    a: second.a * first.a + second.c * first.b,
    b: second.b * first.a + second.d * first.b,
    c: second.a * first.c + second.c * first.d,
    d: second.b * first.c + second.d * first.d,
    e: second.a * first.e + second.c * first.f + second.e,
    f: second.b * first.e + second.d * first.f + second.f,
  }
}

export function applied({ a, b, c, d, e, f }: Affine, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f }
}

function about({ x, y }: Point, turn: Affine): Affine {
  return after(after({ ...identity, e: -x, f: -y }, turn), { ...identity, e: x, f: y })
}

type Turning = Pick<Recipe, 'mirrored' | 'quarterTurns' | 'straighten' | 'crop'>

/** Turns what is shown a quarter clockwise, with the crop. */
export function turned<Of extends Turning>(recipe: Of): Of {
  const { crop } = recipe
  return { ...recipe, quarterTurns: (recipe.quarterTurns + 1) % 4, crop: crop && { left: 1 - crop.top - crop.height, top: crop.left, width: crop.height, height: crop.width } }
}

/** Mirrors what is shown left to right, with the crop. */
export function flippedAcross<Of extends Turning>(recipe: Of): Of {
  const { crop } = recipe
  // A mirror after turns is a mirror before as many turns the other way.
  return { ...recipe, mirrored: !recipe.mirrored, quarterTurns: (4 - recipe.quarterTurns) % 4, straighten: 0 - recipe.straighten, crop: crop && { ...crop, left: 1 - crop.left - crop.width } }
}

/** Mirrors what is shown top to bottom: left to right, and upside down. */
export function flippedDown<Of extends Turning>(recipe: Of): Of {
  return turned(turned(flippedAcross(recipe)))
}
