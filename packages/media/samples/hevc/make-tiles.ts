import { writeFileSync } from 'node:fs'
import { AV_PIX_FMT_YUVJ420P, Encoder, FF_ENCODER_LIBX265, Frame } from 'node-av'
import { pictureColour, tileCount, tileSide, tilesPerRow } from './picture.ts'
import type { Rgb } from './picture.ts'

/**
 * Makes `tiles.ts`: `node packages/media/samples/hevc/make-tiles.ts`. Needed only when the picture changes, and only
 * where node-av (with x265 in it) is installed; the samples themselves are built from its result without any encoder.
 */

/** ITU-R BT.601 (matrix 6 of ITU-T H.273), full range. */
function yuvOf([red, green, blue]: Rgb): [number, number, number] {
  const luma = 0.299 * red + 0.587 * green + 0.114 * blue
  return [luma, 128 + (blue - luma) * 0.564, 128 + (red - luma) * 0.713]
}

/** 4:2:0 planes: chroma of the upper left of four points, which differ by less than a level. */
function planesOf(tile: number): Buffer {
  const left = (tile % tilesPerRow) * tileSide
  const top = Math.floor(tile / tilesPerRow) * tileSide
  const points = Array.from({ length: tileSide * tileSide }, (_, index) =>
    yuvOf(pictureColour(left + (index % tileSide), top + Math.floor(index / tileSide))).map(Math.round))
  const halved = points.filter((_, index) => index % 2 === 0 && Math.floor(index / tileSide) % 2 === 0)
  return Buffer.from([...points.map(([y = 0]) => y), ...halved.map(([, u = 0]) => u), ...halved.map(([, , v = 0]) => v)])
}

/** One frame: x265 then signals Main Still Picture, as the tiles of a HEIC do (ISO/IEC 23008-12 §B.2.4.1). */
const parameters = 'log-level=none:info=0:total-frames=1:range=full:colorprim=bt709:transfer=iec61966-2-1:colormatrix=smpte170m'

async function encode(tile: number): Promise<Buffer> {
  using frame = Frame.fromVideoBuffer(planesOf(tile), {
    width: tileSide, height: tileSide, format: AV_PIX_FMT_YUVJ420P, timeBase: { num: 1, den: 1 }, pts: 0n,
  })
  return await Encoder.encodeOne(FF_ENCODER_LIBX265, frame, { options: { preset: 'veryslow', crf: 14, 'x265-params': parameters } })
}

/** The NAL units of a byte stream (ITU-T H.265 annex B). */
function unitsOf(stream: Buffer): Buffer[] {
  const text = stream.toString('latin1')
  return text.replaceAll('\0\0\0\x01', '\0\0\x01').split('\0\0\x01').filter((unit) => unit !== '').map((unit) => Buffer.from(unit.replace(/\0+$/, ''), 'latin1'))
}
/** H.265 table 7-1: 32 VPS, 33 SPS, 34 PPS, below 32 the slices of a picture. */
const unitType = (unit: Buffer): number => ((unit[0] ?? 0) >> 1) & 63

const streams = await Promise.all(Array.from({ length: tileCount }, async (_, tile) => unitsOf(await encode(tile))))
const parameterSets = streams.map((units) => units.filter((unit) => [32, 33, 34].includes(unitType(unit))))
const slices = streams.map((units) => units.filter((unit) => unitType(unit) < 32))
for (const sets of parameterSets) if (!Buffer.concat(sets).equals(Buffer.concat(parameterSets[0] ?? []))) throw new Error('tiles must share their parameter sets')
for (const units of slices) if (units.length !== 1) throw new Error('a tile must be one slice')

const quoted = (units: readonly Buffer[]): string => units.map((unit) => `  '${unit.toString('base64')}',\n`).join('')
writeFileSync(new URL('tiles.ts', import.meta.url), `// Made by make-tiles.ts out of picture.ts: HEVC, Main Still Picture profile, 8 bit 4:2:0. Not to be edited.

/** VPS, SPS and PPS, which all tiles share; base64 of each NAL unit without start code. */
export const parameterSets: readonly string[] = [
${quoted(parameterSets[0] ?? [])}]

/** The one slice of each tile, row by row. */
export const tileSlices: readonly string[] = [
${quoted(slices.flat())}]
`)
