/**
 * The picture of the HEIC samples: 128 x 128 points in 2 x 2 tiles. Each tile has a colour of its own, so that a tile in
 * the wrong place, a wrong rotation or a mirror is seen from the corners alone; a slow gradient gives an encoder work.
 */
export const tileSide = 64
export const tilesPerRow = 2
export const tileCount = tilesPerRow * tilesPerRow
export const pictureSide = tileSide * tilesPerRow

export type Rgb = readonly [red: number, green: number, blue: number]

/** Upper left red, upper right green, lower left blue, lower right white. */
const corners: readonly Rgb[] = [[210, 40, 40], [40, 180, 60], [50, 60, 210], [225, 225, 220]]

/** The colour at a point, before coding: decoded samples come within a few levels of it. */
export function pictureColour(x: number, y: number): Rgb {
  const corner = corners[Math.floor(y / tileSide) * tilesPerRow + Math.floor(x / tileSide)] ?? [0, 0, 0]
  const shade = ((x % tileSide) + (y % tileSide)) / 5 - 12
  return [corner[0] + shade, corner[1] + shade, corner[2] + shade]
}
