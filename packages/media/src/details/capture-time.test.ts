import { describe, expect, test } from 'vitest'
import { parseCaptureTime } from './capture-time.ts'

const utc = Date.UTC(2024, 4, 1, 13, 5, 9)

describe('a time that a camera wrote', () => {
  test.each([
    ['2024:05:01 13:05:09', undefined, undefined, utc, null],
    ['2024:05:01 13:05:09', '+02:00', undefined, utc - 120 * 60_000, 120],
    ['2024:05:01 13:05:09', '-03:30', '5', utc + 210 * 60_000 + 500, -210],
    ['2024:05:01 13:05:09', '', '048219', utc + 48, null],
    ['2024:05:01 13:05:09', '+99:00', undefined, utc, null],
    ['2024:05:01 13:05:09\0', undefined, undefined, utc, null],
    ['2024-05-01T13:05:09Z', undefined, undefined, utc, 0],
    ['2024-05-01T13:05:09+0200', undefined, undefined, utc - 120 * 60_000, 120],
    ['2024-05-01T13:05:09.25+02:00', undefined, undefined, utc + 250 - 120 * 60_000, 120],
    ['2024-05-01T13:05', undefined, undefined, utc - 9_000, null],
    ['2024:02:29 00:00:00', undefined, undefined, Date.UTC(2024, 1, 29), null],
  ])('%s, offset %s, fraction %s', (text, offset, fraction, capturedAt, captureOffsetMinutes) => {
    expect(parseCaptureTime(text, offset, fraction)).toEqual({ capturedAt, captureOffsetMinutes })
  })

  test.each(['', '0000:00:00 00:00:00', '    :  :     :  :  ', ':07:04 16:24:01, 2019', '2023:02:29 10:00:00', '2024:13:01 10:00:00', '2024:05:01 24:00:00', '1024:05:01 10:00:00', '2024:05:01'])(
    '%j is none',
    (text) => expect(parseCaptureTime(text)).toBeNull(),
  )
})
