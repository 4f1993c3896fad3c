import type { Place } from '../src/facts.ts'
import { makeJpeg } from './jpeg.ts'
import { makeMov } from './mov.ts'
import { identifierOf, momentOf } from './random.ts'
import type { Seed } from './random.ts'

export type LivePhotoSample = {
  readonly seed: Seed
  readonly stillBytes?: number
  readonly videoBytes?: number
  readonly capturedAt?: number
  /** Absent: UTC. Both files say it, as phones since iOS 13 do. */
  readonly offsetMinutes?: number
  readonly place?: Place
}

export type LivePhoto = { readonly still: Uint8Array; readonly video: Uint8Array; readonly contentIdentifier: string }

/** A Live Photo of the kind "Most Compatible": a JPEG and a MOV that share a content identifier. */
export function makeLivePhoto({ stillBytes, videoBytes, ...sample }: LivePhotoSample): LivePhoto {
  const contentIdentifier = identifierOf(sample.seed)
  const shared = { capturedAt: momentOf(sample.seed), offsetMinutes: 0, ...sample, contentIdentifier }
  return {
    still: makeJpeg({ ...shared, ...(stillBytes === undefined ? {} : { bytes: stillBytes }) }),
    video: makeMov({ ...shared, ...(videoBytes === undefined ? {} : { bytes: videoBytes }) }),
    contentIdentifier,
  }
}
