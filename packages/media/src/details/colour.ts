import type { HdrKind } from '@everroll/protocol'
import { startsWith, u16 } from '../bytes/numbers.ts'

/** `colr` of type `nclx` or `nclc` (ISO/IEC 14496-12 §12.1.5): the transfer characteristics of ITU-T H.273. */
export function hdrOfColour(body: Uint8Array): HdrKind | null {
  if (body.length < 10 || !startsWith(body, 'ncl')) return null
  return hdrOfTransfer(u16(body, 6))
}

/** ITU-T H.273 table 3. */
export function hdrOfTransfer(characteristics: number): HdrKind | null {
  return characteristics === 16 ? 'pq' : characteristics === 18 ? 'hlg' : null
}
