import { thumbHashToDataURL } from 'thumbhash';

/** As many as some screens hold; an older one is drawn again when it is needed. */
const MOST = 3000;
const drawn = new Map<string, string>();

/** A blurred picture as an address, from the some 25 bytes of a thumbhash; null where they are not one. */
export function placeholderOf(shown: string, thumbhash: Uint8Array | null): string | null {
  if (thumbhash === null) return null;
  const known = drawn.get(shown);
  if (known !== undefined) return known;
  // Five bytes are its head; with less there is nothing to draw.
  if (thumbhash.length < 5) return null;
  const address = thumbHashToDataURL(thumbhash);
  if (drawn.size >= MOST) for (const oldest of [...drawn.keys()].slice(0, MOST / 4)) drawn.delete(oldest);
  drawn.set(shown, address);
  return address;
}
