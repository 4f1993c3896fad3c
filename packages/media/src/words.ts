import type { CameraWords, ExposureNumbers, Words } from './reading.ts'

/** Two sayings about one thing: the first that has a value, field by field. A time keeps its own offset. */
export function mergeWords(first: Words, second: Words): Words {
  return {
    time: first.time ?? second.time ?? null,
    satelliteTime: first.satelliteTime ?? second.satelliteTime ?? null,
    place: first.place ?? second.place ?? null,
    camera: mergeCamera(first.camera, second.camera),
    exposure: mergeExposure(first.exposure, second.exposure),
    contentIdentifier: first.contentIdentifier ?? second.contentIdentifier ?? null,
    burstId: first.burstId ?? second.burstId ?? null,
    caption: orNothing(first.caption) ?? second.caption ?? null,
    keywords: (first.keywords ?? []).length > 0 ? (first.keywords ?? []) : (second.keywords ?? []),
    rating: orNothing(first.rating) ?? second.rating ?? null,
    marks: [...new Set([...(first.marks ?? []), ...(second.marks ?? [])])],
  }
}

/** Cameras fill texts that nobody wrote with blanks, and parsers numbers that are none. */
function orNothing<T extends string | number>(value: T | null | undefined): T | null {
  if (value === null || value === undefined || value === '' || Number.isNaN(value)) return null
  return value
}

function mergeCamera(first: CameraWords = {}, second: CameraWords = {}): CameraWords {
  return {
    make: orNothing(first.make) ?? second.make ?? null,
    model: orNothing(first.model) ?? second.model ?? null,
    lens: orNothing(first.lens) ?? second.lens ?? null,
    software: orNothing(first.software) ?? second.software ?? null,
  }
}

function mergeExposure(first: ExposureNumbers = {}, second: ExposureNumbers = {}): ExposureNumbers {
  return {
    seconds: first.seconds ?? second.seconds ?? null,
    fNumber: first.fNumber ?? second.fNumber ?? null,
    iso: first.iso ?? second.iso ?? null,
    biasEv: first.biasEv ?? second.biasEv ?? null,
    focalLengthMm: first.focalLengthMm ?? second.focalLengthMm ?? null,
    focalLength35mm: orNothing(first.focalLength35mm) ?? second.focalLength35mm ?? null,
    flashFired: first.flashFired ?? second.flashFired ?? null,
  }
}
