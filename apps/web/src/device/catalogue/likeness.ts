import { thumbHashToRGBA } from 'thumbhash';

/** Of 255, on average: a copy that was coded anew differs by 1 or 2, another picture of one motif by more than 8. */
const MOST_DIFFERENT = 5;

/** Whether two placeholders are of one picture: of other sizes, of other coding, never of other content. */
export function isAlike(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const [one, other] = [thumbHashToRGBA(a), thumbHashToRGBA(b)];
  if (one.w !== other.w || one.h !== other.h) return false;
  let sum = 0;
  for (let at = 0; at < one.rgba.length; at += 1) sum += Math.abs((one.rgba[at] ?? 0) - (other.rgba[at] ?? 0));
  return sum / one.rgba.length <= MOST_DIFFERENT;
}
