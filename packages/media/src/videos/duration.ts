/** Null where the file leaves it open: 0 in a file of fragments, all ones by ISO/IEC 14496-12 §8.2.2. */
export function millisecondsOf(units: number, timescale: number, wide: boolean): number | null {
  const isOpen = units === 0 || timescale === 0 || (wide ? units >= 2 ** 63 : units === 0xffff_ffff)
  return isOpen ? null : Math.round((units / timescale) * 1000)
}
