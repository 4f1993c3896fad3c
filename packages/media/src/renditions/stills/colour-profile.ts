import { latin1 } from '../../bytes/numbers.ts'

/** What becomes of the colours on the way to the preview. */
export type ProfileUse =
  /** The preview carries the profile, the numbers stay as they are: a wide gamut stays wide. */
  | 'keep'
  /** The numbers are sRGB already, or nothing says otherwise. */
  | 'none'
  /** To sRGB: grey, CMYK, and profiles that are too large to travel with each preview. */
  | 'convert'

/** Matrix profiles (Display P3, Adobe RGB, ProPhoto) have 0.5 to 4 KB; those of printers and scanners have hundreds. */
const keptBytes = 16 * 1024

/** ICC.1:2022 §7.2: colour space of the data at byte 16. The name stands in the `desc` tag, as ASCII or UTF-16. */
export function profileUse(icc: Uint8Array | undefined): ProfileUse {
  if (icc === undefined) return 'none'
  if (latin1(icc, 16, 20) !== 'RGB ' || icc.length > keptBytes) return 'convert'
  return /sRGB/.test(latin1(icc).replaceAll('\0', '')) ? 'none' : 'keep'
}
