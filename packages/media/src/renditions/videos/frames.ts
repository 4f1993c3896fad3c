/** An upright SDR picture: red, green and blue, 8 bits each, row by row without gaps; sRGB. */
export type Frame = { readonly data: Buffer; readonly width: number; readonly height: number }

/** How far into a video a poster is looked for when it begins with black. */
export const searchSeconds = 5
export const searchFramesPerSecond = 2

/** Values of 255 that a dark picture stays under nearly everywhere. */
const darkValue = 32
const brightShare = 0.01

/** Black with a title or a lamp in it is no black: fewer than one pixel in a hundred is lit. Green stands for brightness. */
export function isBlack({ data }: Frame): boolean {
  let bright = 0
  let looked = 0
  // Every 16th pixel tells as much.
  for (let offset = 1; offset < data.length; offset += 48) {
    looked += 1
    if ((data[offset] ?? 0) >= darkValue) bright += 1
  }
  return bright < looked * brightShare
}

/** The first that is not black; else the first. Null where there is none. */
export async function firstLit(frames: AsyncIterable<Frame>): Promise<Frame | null> {
  let first: Frame | null = null
  for await (const frame of frames) {
    if (!isBlack(frame)) return frame
    first ??= frame
  }
  return first
}
