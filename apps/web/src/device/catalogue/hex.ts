const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += digits[byte] ?? '';
  return hex;
}

/** Small letters alone. A million ids pass here: no text is cut out for each byte. */
export function writeHex(hex: string, into: Uint8Array, at: number): void {
  for (let digit = 0; digit < hex.length; digit += 2) into[at + digit / 2] = (valueOf(hex.charCodeAt(digit)) << 4) | valueOf(hex.charCodeAt(digit + 1));
}

const valueOf = (code: number): number => (code < 58 ? code - 48 : code - 87);

export function bytesOfHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  writeHex(hex, bytes, 0);
  return bytes;
}
