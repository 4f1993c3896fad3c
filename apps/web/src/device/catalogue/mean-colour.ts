/**
 * The mean colour of a thumbhash in two bytes, so that all of a library can be told at once: five bits of each of
 * red, green and blue, below a bit that says that there is one. That is fine enough for what passes quickly, or
 * stands for a moment until the placeholder itself is there.
 */
const KNOWN = 0x8000;
/** Of a thumbhash's head; what is shorter is none. */
const LEAST_BYTES = 5;

/**
 * As `thumbHashToAverageRGBA`, without an object for each of a million photos.
 * @param bytes in which a thumbhash stands from `at` on, `length` bytes of it
 * @returns 0: it is none
 */
export function packedMean(bytes: Uint8Array, at: number, length: number): number {
  if (length < LEAST_BYTES) return 0;
  // https://github.com/evanw/thumbhash: six bits each of lightness, yellow to blue, and red to green.
  const head = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  const lightness = (head & 63) / 63;
  const yellow = ((head >> 6) & 63) / 31.5 - 1;
  const red = ((head >> 12) & 63) / 31.5 - 1;
  const b = lightness - (2 / 3) * yellow;
  const r = (3 * lightness - b + red) / 2;
  return KNOWN | (fifth(r) << 10) | (fifth(r - red) << 5) | fifth(b);
}

/** For a style; null: nothing is known. */
export function cssMean(packed: number | undefined): string | null {
  if (packed === undefined || packed === 0) return null;
  return `rgb(${byte(packed >> 10)} ${byte(packed >> 5)} ${byte(packed)})`;
}

const fifth = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 31);
const byte = (bits: number): number => Math.round(((bits & 31) / 31) * 255);
