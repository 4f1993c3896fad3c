import type { Place } from '../facts.ts'

/**
 * A place, or null if the numbers are none. Exactly 0, 0 is what cameras and editors write when they had no fix
 * (an Apple Vision Pro export and several Android cameras do): no one is sent to the Gulf of Guinea for that.
 */
export function placeFrom(latitude: number, longitude: number, altitude: number | null): Place | null {
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return null
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null
  if (latitude === 0 && longitude === 0) return null
  return { latitude, longitude, altitude: altitude !== null && Number.isFinite(altitude) ? altitude : null }
}

const pattern = /^([+-])(\d{2,6}(?:\.\d*)?)([+-])(\d{3,7}(?:\.\d*)?)([+-]\d+(?:\.\d*)?)?/

/** ISO 6709:2022 annex H: `+51.5334-000.1255+026.756/`; also degrees and minutes, or degrees, minutes and seconds. */
export function parseIso6709(text: string): Place | null {
  const match = pattern.exec(text.trim())
  if (match === null) return null
  const [, latitudeSign = '', latitude = '', longitudeSign = '', longitude = '', altitude] = match
  return placeFrom(
    sexagesimal(latitudeSign, latitude, 2),
    sexagesimal(longitudeSign, longitude, 3),
    altitude === undefined ? null : Number(altitude),
  )
}

function sexagesimal(sign: string, digits: string, degreeDigits: number): number {
  const whole = (digits.split('.')[0] ?? '').length
  const degrees = whole === degreeDigits ? Number(digits) : Number(digits.slice(0, degreeDigits))
  const rest = digits.slice(degreeDigits)
  const minutes = whole === degreeDigits + 2 ? Number(rest) : whole === degreeDigits + 4 ? Number(rest.slice(0, 2)) : 0
  const seconds = whole === degreeDigits + 4 ? Number(rest.slice(2)) : 0
  const value = whole > degreeDigits && (whole - degreeDigits) % 2 !== 0 ? Number.NaN : degrees + minutes / 60 + seconds / 3600
  return sign === '-' ? -value : value
}
