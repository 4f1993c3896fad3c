import type { ByteSource } from '../bytes/source.ts'

/**
 * Whether a file holds all that its own structure says. `cut`: it ends before that. `damaged`: it is as long as it should
 * be, or contradicts itself before its end is known, and cannot be shown. `unknown`: this format is not checked here.
 * Damage inside coded pictures is not seen: only decoding finds it.
 */
export type Soundness =
  | { readonly code: 'whole' }
  | { readonly code: 'cut' | 'damaged'; readonly detail: string }
  | { readonly code: 'unknown' }

export type Check = (source: ByteSource) => Promise<Soundness>

export const whole: Soundness = { code: 'whole' }
export const cut = (detail: string): Soundness => ({ code: 'cut', detail })
export const damaged = (detail: string): Soundness => ({ code: 'damaged', detail })
