import type { Inspection } from '@everroll/engine';

/**
 * Photos of the simulated world: one line that says what a camera would have written into the file,
 * then bytes of chance. What has no such line is no photo.
 */
export interface PhotoFacts {
  readonly kind: Inspection['kind'];
  readonly capturedAt: number | null;
  readonly contentIdentifier: string | null;
}

const BEGINNING = 'everroll-photo ';

export function photoOf(facts: PhotoFacts, noise: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${BEGINNING}${JSON.stringify(facts)}\n`);
  const content = new Uint8Array(head.length + noise.length);
  content.set(head);
  content.set(noise, head.length);
  return content;
}

export function factsOf(content: Uint8Array): PhotoFacts | undefined {
  const end = content.indexOf(10);
  if (end < 0) return undefined;
  const line = new TextDecoder().decode(content.subarray(0, end));
  if (!line.startsWith(BEGINNING)) return undefined;
  try {
    return JSON.parse(line.slice(BEGINNING.length)) as PhotoFacts;
  } catch {
    return undefined;
  }
}

export const mediaTypes: Readonly<Record<Inspection['kind'], string>> = { photo: 'image/jpeg', video: 'video/quicktime', raw: 'image/x-canon-cr3', sidecar: 'application/xml' };
