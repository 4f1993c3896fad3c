import type { Matrix } from './video-facts.ts'

export type Turn = {
  /** Filters that show the coded picture as the camera was held; empty where it needs none. */
  readonly filters: readonly string[]
  readonly swapsSides: boolean
  readonly mirrors: boolean
}

/**
 * The quarter turn or reflection nearest to a track matrix. A coded point (x, y) is displayed at (ax + cy, bx + dy), so
 * where b and c outweigh a and d the sides are swapped (FFmpeg's `transpose`, whose four directions are the sides
 * swapped with neither, one or both axes reversed), and a negative number reverses an axis.
 */
export function turnOf(matrix: Matrix | null): Turn {
  if (matrix === null) return { filters: [], swapsSides: false, mirrors: false }
  const [a, b, c, d] = matrix
  const swapsSides = Math.abs(b) + Math.abs(c) > Math.abs(a) + Math.abs(d)
  const [left, up] = swapsSides ? [c < 0, b < 0] : [a < 0, d < 0]
  if (swapsSides) {
    const direction = left ? (up ? 'clock_flip' : 'clock') : up ? 'cclock' : 'cclock_flip'
    return { filters: [`transpose=${direction}`], swapsSides, mirrors: left === up }
  }
  return { filters: [...(left ? ['hflip'] : []), ...(up ? ['vflip'] : [])], swapsSides, mirrors: left !== up }
}
