import type { MediaDetails } from '@everroll/protocol'
import { freeAtOnce } from '../bytes/free-at-once.ts'
import { completed, isOddity, OddityReader, readMedia, soundnessOf } from '../index.ts'
import type { MediaFacts } from '../index.ts'
import type { RenderJob, RenderOutcome } from './job.ts'
import { decodeStill } from './stills/decode-still.ts'
import { corrupt, unsupported } from './stills/decoded.ts'
import type { DecodeLimits, NotDecoded, Problem, Reduced } from './stills/decoded.ts'
import { encode } from './stills/encode.ts'
import { makeCanvas } from './stills/canvas.ts'
import { reduceCanvas } from './stills/reduce.ts'
import { previewEdge } from './stills/shapes.ts'
import { ladder } from './videos/ladder.ts'
import { absentDecoders } from './tools.ts'
import type { Tool } from './tools.ts'
import { detailsTold } from './videos/details-told.ts'
import { posterOf } from './videos/poster.ts'

/**
 * Makes the renditions of one original and reads its details. Runs inside a worker process: a hostile file may take
 * memory and time without end, and the pool ends it. Rejects only if the file cannot be opened or read, or a rendition
 * cannot be written.
 */
export async function render({ path, folder, limits }: RenderJob): Promise<RenderOutcome> {
  const { facts, details: own } = await readMedia(path)
  const isOdd = isOddity(facts, own)
  const details = isOdd ? completed(own, await oddities.read(path)) : own
  const { decoded, told } = await decode(path, facts, limits)
  const lacking = [...(isOdd && !(await oddities.isPresent()) ? (['exiftool'] as const) : []), ...(await lackingDecoders(facts, decoded))]
  if (decoded.outcome === 'not_decoded') return failed(decoded, details, [], lacking)
  const { files, thumbhash } = await encode(decoded, folder)
  freeAtOnce(decoded.tiff)
  const known: MediaDetails = { ...told, ...details, thumbhash }
  const problem = decoded.problem ?? (await cutOff(path))
  if (problem !== null) return failed(problem, known, files, lacking)
  return { outcome: 'made', details: known, renditions: files, decoder: decoded.decoder, lacking }
}

/** A process of its own, for RAW and formats that are rare; it ends with the worker. */
const oddities = new OddityReader()

/** Of a video and of what is coded like one, unless all of it came out. */
async function lackingDecoders({ kind, mediaType }: MediaFacts, decoded: Reduced | NotDecoded): Promise<readonly Tool[]> {
  if (decoded.outcome === 'reduced' && decoded.problem === null && decoded.decoder !== 'plain') return []
  if (kind === 'video') return absentDecoders(ladder)
  return mediaType.startsWith('image/hei') ? absentDecoders(['node-av']) : []
}

/** What could be decoded may be all of the picture, and the file cut all the same: behind it lie gain maps and videos. */
async function cutOff(path: string): Promise<Problem | null> {
  const soundness = await soundnessOf(path)
  return soundness.code === 'cut' ? { code: 'corrupt_media', message: soundness.detail } : null
}

type Failed = Extract<RenderOutcome, { outcome: 'failed' }>

const failed = ({ code, message }: Pick<Failed, 'code' | 'message'>, details: MediaDetails, renditions: Failed['renditions'], lacking: readonly Tool[]): Failed => ({
  outcome: 'failed',
  code,
  message,
  details: { ...details, problem: code },
  renditions,
  lacking,
})

/** `told`: what only the decoder knows. */
type Decoding = { readonly decoded: Reduced | NotDecoded; readonly told: MediaDetails }

async function decode(path: string, { kind, mediaType, recognised }: MediaFacts, limits: DecodeLimits): Promise<Decoding> {
  if (kind === 'video') return decodePoster(path, limits)
  if (kind !== 'photo' && kind !== 'raw') return { decoded: unsupported(`there are no renditions of ${mediaType}`), told: {} }
  // A photo by its name alone has lost its content; nothing that is not known for a picture goes to a decoder.
  return { decoded: recognised ? await decodeStill(path, mediaType, limits) : corrupt('its content is no picture that is known'), told: {} }
}

async function decodePoster(path: string, limits: DecodeLimits): Promise<Decoding> {
  const poster = await posterOf(path, { maxEdge: previewEdge })
  if (poster.outcome === 'failed') return { decoded: { ...poster, outcome: 'not_decoded' }, told: {} }
  const { data, width, height } = poster.frame
  const canvas = makeCanvas({ width, height, channels: 3, orientation: 1, icc: null })
  canvas.pixels.set(data)
  return { decoded: await reduceCanvas(canvas, limits, poster.decoder), told: poster.facts === null ? {} : detailsTold(poster.facts) }
}
