const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 61;
const codes = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const values = new Int8Array(128).fill(-1);
for (const [value, code] of codes.entries()) values[code] = value;

const latin1 = new TextDecoder('latin1');
const valueAt = (text: string, at: number): number => values[text.charCodeAt(at)] ?? -1;

/** How many bytes a text in base64 with padding (RFC 4648, section 4) has, by its length and its end. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** @returns false where the text is not what `base64Text` makes of the bytes. */
export function writeBase64(text: string, into: Uint8Array, at: number): boolean {
  if (text.length === 0 || text.length % 4 !== 0) return false;
  const bytes = base64Bytes(text);
  let to = at;
  for (let from = 0; from < text.length; from += 4) {
    const there = Math.min(3, at + bytes - to);
    const [a, b] = [valueAt(text, from), valueAt(text, from + 1)];
    const c = there > 1 ? valueAt(text, from + 2) : 0;
    const d = there > 2 ? valueAt(text, from + 3) : 0;
    if (a < 0 || b < 0 || c < 0 || d < 0) return false;
    // Bits beyond the last byte are zero in the one spelling that there is.
    if ((there === 1 && (b & 15) !== 0) || (there === 2 && (c & 3) !== 0)) return false;
    into[to] = (a << 2) | (b >> 4);
    if (there > 1) into[to + 1] = ((b & 15) << 4) | (c >> 2);
    if (there > 2) into[to + 2] = ((c & 3) << 6) | d;
    to += there;
  }
  return true;
}

/** ECMAScript 2026; browsers of before autumn 2025 lack it. */
type MayHaveToBase64 = Omit<Uint8Array, 'toBase64'> & { readonly toBase64?: () => string };

/** Each stretch of the bytes as base64; all of it is one string, out of which each is cut. */
export function base64Texts(bytes: Uint8Array, lengths: readonly number[]): string[] {
  const characters = lengths.map((length) => Math.ceil(length / 3) * 4);
  // Where no stretch has padding, the whole is its stretches behind one another.
  const text = (lengths.every((length) => length % 3 === 0) ? (bytes as MayHaveToBase64).toBase64?.() : undefined) ?? base64TextByDigits(bytes, lengths, characters);
  let next = 0;
  return characters.map((count) => text.slice(next, (next += count)));
}

export function base64TextByDigits(bytes: Uint8Array, lengths: readonly number[], characters: readonly number[]): string {
  const all = new Uint8Array(characters.reduce((sum, count) => sum + count, 0));
  let [from, to] = [0, 0];
  for (const length of lengths) {
    const end = from + length;
    for (; from < end; from += 3, to += 4) {
      const [a, b, c] = [bytes[from] ?? 0, from + 1 < end ? (bytes[from + 1] ?? 0) : 0, from + 2 < end ? (bytes[from + 2] ?? 0) : 0];
      all[to] = codes[a >> 2] ?? 0;
      all[to + 1] = codes[((a & 3) << 4) | (b >> 4)] ?? 0;
      all[to + 2] = from + 1 < end ? (codes[((b & 15) << 2) | (c >> 6)] ?? 0) : PADDING;
      all[to + 3] = from + 2 < end ? (codes[c & 63] ?? 0) : PADDING;
    }
    from = end;
  }
  return latin1.decode(all);
}
