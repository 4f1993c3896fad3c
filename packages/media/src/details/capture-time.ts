export type CaptureTime = { readonly capturedAt: number; readonly captureOffsetMinutes: number | null }

/** The first photograph that survives is of 1826; what is older was never a date (`0000:00:00`, garbage). */
const firstYear = 1826
/** Zones go from -12:00 to +14:00; what is outside was not an offset. */
const largestOffsetMinutes = 14 * 60

// Exif 3.0 §4.6.5 `2024:05:01 13:05:09`; XMP part 1 §8.2.1.1 and QuickTime `2024-05-01T13:05:09.250+02:00`, also `+0200`.
const pattern = /^(\d{4})[-:/](\d\d)[-:/](\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(Z|[+-]\d\d:?\d\d)?/

/**
 * A date and time as cameras write it. Offset and fraction of a second may stand in tags of their own (Exif).
 * No offset: the wall clock is taken as UTC, so that a file has one time on every device whatever zone that is in.
 */
export function parseCaptureTime(text: string, offsetText?: string | null, fraction?: string | null): CaptureTime | null {
  const match = pattern.exec(text.trim())
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (year < firstYear || month < 1 || month > 12 || day < 1 || day > lastDay) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const wallClock = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds(match[7] ?? fraction ?? ''))
  const offset = parseOffset(match[8] ?? offsetText ?? '')
  return { capturedAt: wallClock - (offset ?? 0) * 60_000, captureOffsetMinutes: offset }
}

/** Digits after the decimal point, however many: "5" is 500 ms, "048219" is 48 ms. */
function milliseconds(fraction: string): number {
  const digits = fraction.trim()
  return /^\d+$/.test(digits) ? Number(digits.padEnd(3, '0').slice(0, 3)) : 0
}

function parseOffset(text: string): number | null {
  if (text.trim() === 'Z') return 0
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(text.trim())
  if (match === null) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  if (minutes > largestOffsetMinutes || Number(match[3]) > 59) return null
  return match[1] === '-' && minutes !== 0 ? -minutes : minutes
}
