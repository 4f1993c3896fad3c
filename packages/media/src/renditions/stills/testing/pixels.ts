import sharp from 'sharp'
import type { Sharp } from 'sharp'

/** Pixels of a test: RGB, row by row. */
export type Pixels = { readonly data: Uint8Array; readonly width: number; readonly height: number }

export async function pixelsOf(picture: string | Buffer): Promise<Pixels> {
  const { data, info } = await sharp(picture, { ignoreIcc: true }).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

export const imageOf = ({ data, width, height }: Pixels): Sharp => sharp(Buffer.from(data), { raw: { width, height, channels: 3 } })

export function pixelsFrom(width: number, height: number, colour: (x: number, y: number) => readonly [number, number, number]): Pixels {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) data.set(colour(x, y), (y * width + x) * 3)
  return { data, width, height }
}

export function colourAt({ data, width }: Pixels, x: number, y: number): [number, number, number] {
  const at = (y * width + x) * 3
  return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]
}

/** Peak signal-to-noise ratio in dB, over all three colours; infinite for equal pictures. 40 dB is a mean error of 2.5 of 255. */
export function psnr(one: Pixels, two: Pixels): number {
  if (one.width !== two.width || one.height !== two.height) throw new Error(`${one.width} x ${one.height} beside ${two.width} x ${two.height}`)
  let sum = 0
  for (let index = 0; index < one.data.length; index += 1) sum += ((one.data[index] ?? 0) - (two.data[index] ?? 0)) ** 2
  return 10 * Math.log10((255 * 255) / (sum / one.data.length))
}
