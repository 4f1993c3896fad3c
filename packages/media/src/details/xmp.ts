import type { CaptureDetails } from '../facts.ts'
import { noDetails } from '../facts.ts'
import { parseCaptureTime } from './capture-time.ts'

/** A packet with more than this before its dates holds an embedded image (Motorola's depth maps: megabytes). */
export const xmpBytes = 64 * 1024

// The order in which the Metadata Working Group's guidelines (2.0, §5.4) look for the time of capture.
const properties = ['exif:DateTimeOriginal', 'photoshop:DateCreated', 'xmp:CreateDate'] as const

/**
 * The time of capture out of an XMP packet, as attribute or element (XMP part 1 §7). For screenshots and exports that
 * carry no Exif. A text search, not an XML parser: nothing else is wanted from here and hostile XML cannot hurt it.
 */
export function readXmp(packet: string): CaptureDetails {
  for (const property of properties) {
    const at = packet.indexOf(property)
    if (at < 0) continue
    const value = /^\s*(?:=\s*["']|>)\s*([^"'<]{1,40})/.exec(packet.slice(at + property.length, at + property.length + 80))?.[1]
    const time = value === undefined ? null : parseCaptureTime(value)
    if (time !== null) return { ...noDetails, ...time }
  }
  return noDetails
}
