import { describe, expect, test } from 'vitest'
import { box } from '../../../samples/box.ts'
import { makeHeic, makeMov } from '../../../samples/index.ts'
import { makeVideoTrack } from '../../../samples/video-track.ts'
import { memorySource } from '../../bytes/source.ts'
import type { Draft } from '../../reading.ts'
import { mediaDetailsOf } from '../../views.ts'
import { readHeif } from './heif.ts'

async function detailsOf(content: Uint8Array) {
  const draft: Draft = {}
  await readHeif(memorySource(content), draft)
  return mediaDetailsOf(draft)
}
const heic = makeHeic({ seed: 1 })
const movieOf = (content: Uint8Array): Uint8Array => content.subarray(20) // behind its file type box

describe('what stands behind the still', () => {
  test('a video in a box of its own is a motion photo', async () => {
    const video = makeMov({ seed: 1 })
    expect(await detailsOf(Buffer.concat([heic, box('mpvd', video)]))).toMatchObject({
      width: 128, motionPhoto: { offset: heic.length + 8, bytes: video.length },
    })
  })
  test('a movie of the file itself is an animation', async () => {
    const movie = movieOf(makeVideoTrack({ width: 64, height: 48, frames: 10, frameDuration: 100 }))
    expect(await detailsOf(Buffer.concat([heic, movie]))).toMatchObject({ width: 128, height: 128, marks: ['animated'], durationMs: 1_000, frameRate: 10 })
    expect(await detailsOf(Buffer.concat([heic.subarray(0, 24), movie]))).toMatchObject({ width: 64, height: 48, marks: ['animated'], durationMs: 1_000 })
  })
})

test.each([
  ['Apple\'s gain map', 'urn:com:apple:photo:2020:aux:hdrgainmap', 'gain_map', undefined],
  ['Samsung\'s gain map', 'urn:com:samsung:photo:2024:aux:hdrgainmap', 'gain_map', undefined],
  ['a depth map', 'urn:mpeg:hevc:2015:auxid:2', undefined, ['portrait']],
  ['Apple\'s cut-out of a person', 'urn:com:apple:photo:2018:aux:portraiteffectsmatte', undefined, ['portrait']],
  ['transparency', 'urn:mpeg:hevc:2015:auxid:1', undefined, undefined],
])('an auxiliary image that is %s', async (_, auxiliaryType, hdr, marks) => {
  const details = await detailsOf(makeHeic({ seed: 1, auxiliaryType }))
  expect([details.hdr, details.marks]).toEqual([hdr, marks])
})
