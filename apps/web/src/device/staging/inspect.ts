import type { Inspection, SourceEntry } from '@everroll/engine';
import { type MediaFacts, budgetedSource, factsOf, isMedia, readSource } from '@everroll/media/anywhere';
import { Capture, Place, type Sha256 } from '@everroll/protocol';

/** What a file that was copied here says of itself. */
export async function inspect(entry: SourceEntry, sha256: Sha256, content: Blob): Promise<Inspection> {
  const facts = await factsOfBlob(content, entry.name);
  return {
    entry,
    sha256,
    isMedia: isMedia(facts, entry.name),
    kind: facts.kind === 'video' || facts.kind === 'sidecar' ? facts.kind : facts.mediaType.startsWith('image/x-') ? 'raw' : 'photo',
    mediaType: facts.mediaType,
    capture: facts.capturedAt === null ? null : (Capture.safeParse({ at: Math.round(facts.capturedAt), offsetMinutes: facts.captureOffsetMinutes }).data ?? null),
    place: Place.safeParse(facts.place).data ?? null,
    contentIdentifier: facts.contentIdentifier,
    previewOf: null,
  };
}

async function factsOfBlob(content: Blob, name: string): Promise<MediaFacts> {
  const { source, head } = await budgetedSource(content.size, async (offset, length) => new Uint8Array(await content.slice(offset, offset + length).arrayBuffer()));
  return factsOf(await readSource(source, head, name));
}
