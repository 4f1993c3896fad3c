import type { MediaMark } from '@everroll/protocol'
import { boxesOf, metaChildrenStart } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { u32, u64, u8 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import type { Draft, Words } from '../reading.ts'
import { samsungTrailer } from '../samsung-trailer.ts'
import { mergeWords } from '../words.ts'
import { millisecondsOf } from './duration.ts'
import { readMovieKeys, wordsOfKeys } from './metadata-keys.ts'
import { readTrack } from './track.ts'
import type { Track } from './track.ts'
import { readUserData } from './user-data.ts'

/** A recording has some ten tracks; each costs a few reads. */
const maximumTracks = 64

/** MOV, MP4, M4V, 3GP: the movie box (QuickTime File Format, "Movie atoms"; ISO/IEC 14496-12 §8.2). */
export async function readMovie(source: ByteSource, draft: Draft): Promise<void> {
  for await (const { type, start, end } of boxesOf(source, 0, source.size)) {
    if (type === 'moov') await readMovieBox(source, { type, start, end }, draft)
  }
  const isSlowed = (await samsungTrailer(source)).some(({ name }) => name === 'SlowMotion_Data')
  if (isSlowed) addMark(draft, 'slow_motion')
}

/**
 * Apple's metadata keys go first (they have the zone of the camera), then those of the video track, then user data, then
 * the movie header, which has UTC alone.
 */
async function readMovieBox(source: ByteSource, movie: Box, draft: Draft): Promise<void> {
  const keys = new Map<string, string>()
  let userData: Words = {}
  let header: MovieHeader | null = null
  let fragmentedMs: number | null = null
  const tracks: Track[] = []
  for await (const box of boxesOf(source, movie.start, movie.end)) {
    if (box.type === 'mvhd') header = await readHeader(source, box)
    if (box.type === 'meta') addAll(keys, await readMovieKeys(source, await metaChildrenStart(source, box), box.end))
    if (box.type === 'udta') userData = await readUserData(source, box)
    if (box.type === 'trak' && tracks.length < maximumTracks) tracks.push(await readTrack(source, box))
    if (box.type === 'mvex' && header !== null) fragmentedMs = await readFragmentedDuration(source, box, header.timescale)
  }
  const video = tracks.find(({ picture }) => picture !== null)
  const words = [wordsOfKeys(keys), video === undefined ? {} : wordsOfKeys(video.keys), userData, { time: header?.time ?? null }]
  draft.movie = words.reduce(mergeWords)
  const picture = video?.picture ?? { width: null, height: null }
  draft.picture = {
    ...picture,
    displayed: true,
    durationMs: header?.durationMs ?? fragmentedMs ?? longest(tracks),
    marks: marksOf(keys, video, picture.frameRate ?? null),
  }
}

const addAll = (into: Map<string, string>, from: ReadonlyMap<string, string>): void => {
  for (const [name, value] of from) if (!into.has(name)) into.set(name, value)
}

function longest(tracks: readonly Track[]): number | null {
  const durations = tracks.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]))
  return durations.length === 0 ? null : Math.max(...durations)
}

function addMark(draft: Draft, mark: MediaMark): void {
  if (draft.picture !== undefined) draft.picture = { ...draft.picture, marks: [...(draft.picture.marks ?? []), mark] }
}

/** Android's recorder writes how fast it captured; played at less than half of it, the video was meant to be slow. */
const slowFactor = 2

function marksOf(keys: ReadonlyMap<string, string>, video: Track | undefined, frameRate: number | null): MediaMark[] {
  const marks: MediaMark[] = []
  const captureRate = Number(keys.get('com.android.capture.fps') ?? Number.NaN)
  // Apple: 0 asks a player to slow it down, 1 to play each frame at its time.
  const isSlowed = keys.get('com.apple.quicktime.full-frame-rate-playback-intent') === '0'
  if (isSlowed || (frameRate !== null && captureRate >= frameRate * slowFactor)) marks.push('slow_motion')
  const captureMode = video?.keys.get('com.apple.photos.captureMode') ?? keys.get('com.apple.photos.captureMode')
  if (captureMode === 'Time-lapse') marks.push('time_lapse')
  if (video?.isStereo === true) marks.push('spatial')
  return marks
}

/** Seconds between 1904-01-01, QuickTime's epoch, and 1970-01-01. */
const epochDifferenceSeconds = 2_082_844_800
/** 9999-12-31T23:59:59Z. */
const latestUnixSeconds = 253_402_300_799

type MovieHeader = { readonly time: Words['time']; readonly timescale: number; readonly durationMs: number | null }

/**
 * ISO/IEC 14496-12 §8.2.2: creation time in seconds of 1904, UTC; 0 where it was not set. A number too small to be after
 * 1970 was counted from 1970 by its writer (several Android devices; ExifTool's QuickTime.pm makes the same correction).
 */
async function readHeader(source: ByteSource, box: Box): Promise<MovieHeader | null> {
  const body = await source.read(box.start, 32)
  const wide = u8(body, 0) === 1
  const seconds = wide ? u64(body, 4) : u32(body, 4)
  const unixSeconds = seconds >= epochDifferenceSeconds ? seconds - epochDifferenceSeconds : seconds
  const isDate = seconds !== 0 && unixSeconds <= latestUnixSeconds
  const timescale = u32(body, wide ? 20 : 12)
  return {
    time: isDate ? { capturedAt: unixSeconds * 1000, captureOffsetMinutes: null } : null,
    timescale,
    durationMs: millisecondsOf(wide ? u64(body, 24) : u32(body, 16), timescale, wide),
  }
}

/** §8.8.2, the length of a movie that was written in fragments. */
async function readFragmentedDuration(source: ByteSource, extends_: Box, timescale: number): Promise<number | null> {
  for await (const box of boxesOf(source, extends_.start, extends_.end)) {
    if (box.type !== 'mehd') continue
    const body = await source.read(box.start, 12)
    const wide = u8(body, 0) === 1
    return millisecondsOf(wide ? u64(body, 4) : u32(body, 4), timescale, wide)
  }
  return null
}
