import sharp from 'sharp'
import type { Frame } from './frames.ts'

/** Dark, with a play sign: the picture of a video that nothing on this machine can decode. */
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90">
  <rect width="160" height="90" fill="#26282c"/>
  <circle cx="80" cy="45" r="19" fill="none" stroke="#8d9299" stroke-width="3"/>
  <path d="M74 35.5 L74 54.5 L90 45 Z" fill="#8d9299"/>
</svg>`

/** 16:9, `edge` pixels wide, at most 640: there is nothing to see in it. */
export async function plainPoster(edge: number): Promise<Frame> {
  const { data, info } = await sharp(Buffer.from(drawing)).resize({ width: Math.min(edge, 640) }).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}
