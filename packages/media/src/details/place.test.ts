import { describe, expect, test } from 'vitest'
import { parseIso6709, placeFrom } from './place.ts'

describe('a place in ISO 6709', () => {
  test.each([
    ['+51.5334-000.1255+026.756/', 51.5334, -0.1255, 26.756],
    ['-33.8568+151.2153/', -33.8568, 151.2153, null],
    ['+5130-00007/', 51.5, -7 / 60, null],
    ['+513015-0000736-012/', 51 + 30 / 60 + 15 / 3600, -(7 / 60 + 36 / 3600), -12],
  ])('%s', (text, latitude, longitude, altitude) => {
    const place = parseIso6709(text)
    expect(place?.latitude).toBeCloseTo(latitude, 9)
    expect(place?.longitude).toBeCloseTo(longitude, 9)
    expect(place?.altitude ?? null).toBe(altitude)
  })
  test.each(['', '/', '+51', '+91.0+000.0/', '+00.0000+000.0000/', 'somewhere', '+513+00012/'])('%j is none', (text) =>
    expect(parseIso6709(text)).toBeNull())
})

test('what is not a number or not on Earth is no place', () => {
  expect(placeFrom(Number.NaN, 1, null)).toBeNull()
  expect(placeFrom(1, 181, null)).toBeNull()
  expect(placeFrom(1, 2, Number.NaN)).toEqual({ latitude: 1, longitude: 2, altitude: null })
})
