import type { Sha256 } from '@everroll/protocol';

/** A picture in an original's place, as the simulated folder marks it: one line, then the server's bytes. */
const BEGINNING = 'everroll-preview ';

export function withMark(content: Uint8Array, sha256: Sha256): Uint8Array {
  const head = new TextEncoder().encode(`${BEGINNING}${sha256}\n`);
  const whole = new Uint8Array(head.length + content.length);
  whole.set(head);
  whole.set(content, head.length);
  return whole;
}

/** The hash of the original for which a file stands; null: it is a file of its own. */
export function previewOf(content: Uint8Array): Sha256 | null {
  const text = new TextDecoder('latin1').decode(content.subarray(0, BEGINNING.length + 64));
  return text.startsWith(BEGINNING) ? (text.slice(BEGINNING.length) as Sha256) : null;
}
