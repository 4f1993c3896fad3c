import type { MediaDetails, MediaMark } from '@everroll/protocol'
import type { CameraWords, ExposureNumbers } from './reading.ts'

/** What leaves this package keeps the limits of the protocol's schema `MediaDetails`; a value beyond them was never true. */

const within = (value: number | null | undefined, least: number, most: number): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) && value >= least && value <= most ? value : null

export const positive = (value: number | null | undefined): number | null => within(value, Number.MIN_VALUE, 1e12)

export const nonNegative = (value: number | null | undefined): number | null => within(value, 0, Number.MAX_SAFE_INTEGER)

/** A side of a picture in points. */
export const rounded = (value: number | null | undefined): number | null => within(Math.round(value ?? 0), 1, 10_000_000)

/** Those that are not blank, each once, cut to a length. */
export function textsOf(texts: readonly string[], maximumLength: number, maximumCount: number): string[] {
  const trimmed = texts.map((text) => text.trim().slice(0, maximumLength)).filter((text) => text !== '')
  return [...new Set(trimmed)].slice(0, maximumCount)
}

export function cameraOf({ make, model, lens, software }: CameraWords): MediaDetails['camera'] | null {
  const texts = Object.entries({ make, model, lens, software }).flatMap(([name, text]) => textsOf([text ?? ''], 1_000, 1).map((each) => [name, each] as const))
  return texts.length === 0 ? null : Object.fromEntries(texts)
}

export function exposureOf(numbers: ExposureNumbers): MediaDetails['exposure'] | null {
  const { flashFired } = numbers
  const iso = within(Math.round(numbers.iso ?? 0), 1, 10_000_000)
  const values = Object.entries({
    seconds: positive(numbers.seconds),
    fNumber: positive(numbers.fNumber),
    iso,
    biasEv: within(numbers.biasEv, -100, 100),
    focalLengthMm: positive(numbers.focalLengthMm),
    focalLength35mm: positive(numbers.focalLength35mm),
    flashFired: flashFired ?? null,
  }).filter(([, value]) => value !== null)
  return values.length === 0 ? null : Object.fromEntries(values)
}

export const marksIn = (marks: readonly MediaMark[]): MediaMark[] => [...new Set(marks)]
