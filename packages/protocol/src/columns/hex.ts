/** Two hex digits for each byte, as character codes: the low byte is the first digit. */
const digits = Uint16Array.from({ length: 256 }, (_, byte) => {
  const text = byte.toString(16).padStart(2, '0');
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8);
});

/** Of each ASCII character; -1: it is no lower-case hex digit. */
const values = new Int8Array(128).fill(-1);
for (const [value, digit] of Array.from('0123456789abcdef').entries()) values[digit.charCodeAt(0)] = value;

const latin1 = new TextDecoder('latin1');

/** ECMAScript 2026; browsers of before autumn 2025 lack it. */
type MayHaveToHex = Omit<Uint8Array, 'toHex'> & { readonly toHex?: () => string };

/** The hex digits of all the bytes as one string: a text is cut out of it sooner than made by itself. */
export function hexText(bytes: Uint8Array): string {
  return (bytes as MayHaveToHex).toHex?.() ?? hexTextByDigits(bytes);
}

export function hexTextByDigits(bytes: Uint8Array): string {
  const codes = new Uint8Array(bytes.length * 2);
  for (let at = 0; at < bytes.length; at += 1) {
    const pair = digits[bytes[at] ?? 0] ?? 0;
    codes[at * 2] = pair & 0xff;
    codes[at * 2 + 1] = pair >>> 8;
  }
  return latin1.decode(codes);
}

/** @returns false where the text has anything but lower-case hex digits. */
export function writeHexText(text: string, into: Uint8Array, at: number): boolean {
  for (let place = 0; place < text.length; place += 2) {
    const high = values[text.charCodeAt(place)] ?? -1;
    const low = values[text.charCodeAt(place + 1)] ?? -1;
    if (high < 0 || low < 0) return false;
    into[at + (place >>> 1)] = (high << 4) | low;
  }
  return true;
}
