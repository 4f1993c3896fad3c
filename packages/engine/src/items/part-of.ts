import { isSameMoment, LIVE_TOLERANCE_MS, partNameOf, type ResourceRole, SHOT_TOLERANCE_MS } from '@everroll/protocol';
import type { KnownItem } from './item.ts';

/**
 * Which file is a part of which photo, among the files of one folder whose names have one stem (rule
 * A7). Pure. Names propose (`partNameOf`) and what the files say decides: a moment or an identifier
 * that contradicts is believed, and where two originals fit, none is chosen.
 */
export type PartFacts = Pick<KnownItem, 'name' | 'kind' | 'capturedAt' | 'captureOffset' | 'contentId'>;

export interface PartOf<File> {
  readonly primary: File;
  readonly role: Extract<ResourceRole, 'raw' | 'sidecar' | 'rendered_edit'>;
}

/** Whether a file may be a part at all: a photo or a video without the mark of an edit is an original. */
export function mayBePart(file: PartFacts): boolean {
  return file.kind === 'raw' || file.kind === 'sidecar' || partNameOf(file.name).edited;
}

/** The file that `part` belongs to; null where there is none, or more than one that fits. */
export function primaryOf<File extends PartFacts>(part: PartFacts, files: readonly File[]): PartOf<File> | null {
  const originals = files.filter((file) => file.kind !== 'sidecar' && !partNameOf(file.name).edited);
  if (part.kind === 'sidecar') {
    const primary = describedBy(part, originals);
    return primary ? { primary, role: 'sidecar' } : null;
  }
  const role = partNameOf(part.name).edited ? 'rendered_edit' : 'raw';
  const kinds = role === 'raw' ? (['photo'] as const) : part.kind === 'video' ? (['photo', 'video'] as const) : (['photo', 'raw'] as const);
  for (const kind of kinds) {
    const fitting = originals.filter((file) => file.kind === kind && isConfirmed(part, file, role));
    if (fitting.length > 1) return null;
    const [primary] = fitting;
    if (primary) return { primary, role };
  }
  return null;
}

/**
 * A sidecar says little of itself. One that names its file whole belongs to that, or to the photo that
 * this is a part of; another one to the photo of its stem, whose other files are parts of it.
 */
function describedBy<File extends PartFacts>(sidecar: PartFacts, originals: readonly File[]): File | undefined {
  const { describes } = partNameOf(sidecar.name);
  if (describes !== null) {
    const named = onlyOne(originals.filter((file) => file.name.normalize('NFC').toLowerCase() === describes));
    if (!named || contradicts(sidecar, named)) return undefined;
    return named.kind === 'raw' ? (primaryOf(named, originals)?.primary ?? named) : named;
  }
  const photo = onlyOne(originals.filter((file) => file.kind === 'photo'));
  const isWithPhoto = (file: File): boolean => photo !== undefined && (file.kind === 'video' ? file.contentId !== null && file.contentId === photo.contentId : primaryOf(file, originals)?.primary === photo);
  const first = onlyOne(originals.filter((file) => file === photo || !isWithPhoto(file)));
  return first && !contradicts(sidecar, first) ? first : undefined;
}

/** Edits may have an identifier of their own (Photos for macOS gives them a new one), so of theirs an equal moment is enough. */
function isConfirmed(part: PartFacts, original: PartFacts, role: 'raw' | 'rendered_edit'): boolean {
  const isOther = part.contentId !== null && original.contentId !== null && part.contentId !== original.contentId;
  const moment = isAtOnce(part, original, part.kind === 'video' && original.kind === 'photo' ? LIVE_TOLERANCE_MS : SHOT_TOLERANCE_MS);
  return moment === null ? !isOther : moment && (role === 'rendered_edit' || !isOther);
}

function contradicts(sidecar: PartFacts, original: PartFacts): boolean {
  return isAtOnce(sidecar, original, SHOT_TOLERANCE_MS) === false || (sidecar.contentId !== null && original.contentId !== null && sidecar.contentId !== original.contentId);
}

/** null: one of them does not say when it was taken. */
function isAtOnce(a: PartFacts, b: PartFacts, toleranceMs: number): boolean | null {
  if (a.capturedAt === null || b.capturedAt === null) return null;
  return isSameMoment({ at: a.capturedAt, offsetMinutes: a.captureOffset }, { at: b.capturedAt, offsetMinutes: b.captureOffset }, toleranceMs);
}

function onlyOne<File>(files: readonly File[]): File | undefined {
  return files.length === 1 ? files[0] : undefined;
}
