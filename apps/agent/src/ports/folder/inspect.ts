import { randomUUID } from 'node:crypto';
import { rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { type Inspection, type Result, done, failed } from '@everroll/engine';
import { type MediaFacts, isMedia, readFacts } from '@everroll/media';
import { Capture, Place } from '@everroll/protocol';
import { lstatSync } from 'node:fs';
import { fileFault } from './disk-faults.ts';
import { entryOf, isUntouched, statOf } from './entry.ts';
import { hashFile } from './hash-file.ts';
import { markIn } from './preview-mark.ts';
import { type DiskPath, type LocalId, diskPathOf, displayNameOf } from './local-path.ts';

/** What only reading the whole file tells; one pass for the hash, and a few reads of pages that the pass left warm. */
export async function inspectFile(root: string, localId: LocalId, signal: AbortSignal): Promise<Result<Inspection>> {
  const path = diskPathOf(root, localId);
  try {
    const hashed = await hashFile(path, signal);
    const facts = await factsOf(path, displayNameOf(localId));
    const now = statOf(path);
    if (now === undefined) return failed('vanished');
    if (!isUntouched(hashed.before, hashed.after) || !isUntouched(hashed.before, now) || BigInt(hashed.bytes) !== now.size) {
      return failed('changed_during_upload', { detail: 'it was written while it was being read' });
    }
    const entry = entryOf(localId, now, isLink(path));
    return done({
      entry,
      sha256: hashed.sha256,
      isMedia: isMedia(facts, entry.name),
      kind: kindOf(facts),
      mediaType: facts.mediaType,
      capture: captureOf(facts),
      place: Place.safeParse(facts.place).data ?? null,
      contentIdentifier: facts.contentIdentifier,
      previewOf: await markIn(path),
    });
  } catch (error) {
    signal.throwIfAborted();
    return fileFault(error);
  }
}

/** The readers of metadata take a path in text: a name in odd bytes is read through a link with a clean one. */
async function factsOf(path: DiskPath, name: string): Promise<MediaFacts> {
  if (typeof path === 'string') return readFacts(path);
  const link = join(tmpdir(), `everroll-${randomUUID()}${extname(name)}`);
  await symlink(path, link);
  try {
    return await readFacts(link);
  } finally {
    await rm(link, { force: true });
  }
}

/** RAW types are the makers' own; the registered ones have no `x-`. */
function kindOf(facts: MediaFacts): Inspection['kind'] {
  if (facts.kind === 'video' || facts.kind === 'sidecar') return facts.kind;
  return facts.mediaType.startsWith('image/x-') ? 'raw' : 'photo';
}

/** A date that no calendar has is as good as none. */
function captureOf(facts: MediaFacts): Capture | null {
  if (facts.capturedAt === null) return null;
  return Capture.safeParse({ at: Math.round(facts.capturedAt), offsetMinutes: facts.captureOffsetMinutes }).data ?? null;
}

const isLink = (path: DiskPath): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
