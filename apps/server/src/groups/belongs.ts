import { type Asset, type Capture, holds, isSameMoment, LIVE_TOLERANCE_MS, type PartName, partNameOf, type PartRole, type Resource, SHOT_TOLERANCE_MS } from '@everroll/protocol';

/**
 * Whether one asset is a part of another that came by itself (rule A7), by what the server read from
 * both. Pure. Everything doubtful is no: two assets too many are put right by a later look, two
 * photos in one asset are not.
 */
export function partRole(holder: Asset, part: Asset): PartRole | null {
  if (holder.id === part.id || holder.state !== 'live' || part.state !== 'live') return null;
  // It has all of it already, as a device saw the two beside each other.
  const held = heldRole(holder, part);
  if (held) return held;
  if (holder.mediaKind === 'sidecar' || (part.hidden && !holder.hidden)) return null;
  const names = { holder: nameOf(holder), part: nameOf(part) };
  if (names.holder.edited || isOtherCamera(holder, part)) return null;
  switch (part.mediaKind) {
    case 'video':
      return isPairedVideo(holder, part, names) ? 'paired_video' : isEdit(holder, part, names) ? 'rendered_edit' : null;
    case 'photo':
    case 'live_photo':
      return isEdit(holder, part, names) ? 'rendered_edit' : null;
    case 'raw':
      return isRawOf(holder, part, names) ? 'raw' : null;
    case 'sidecar':
      return isSidecarOf(holder, part, names) ? 'sidecar' : null;
  }
}

/**
 * Of the assets that one could be a part of the one that it is; null where there is none, or where
 * two fit. An original goes before an edit, and a photo before the RAW that will be a part of it.
 */
export function holderFor(part: Asset, candidates: readonly Asset[]): { readonly holder: Asset; readonly as: PartRole } | null {
  const fitting = candidates.flatMap((holder) => {
    const as = partRole(holder, part);
    return as ? [{ holder, as }] : [];
  });
  const originals = fitting.filter(({ holder }) => !isMarkedEdited(holder));
  const among = originals.length > 0 ? originals : fitting;
  const photos = part.mediaKind === 'sidecar' ? among : among.filter(({ holder }) => isPhoto(holder));
  const [first, ...others] = photos.length > 0 ? photos : among;
  return first && others.length === 0 ? first : null;
}

interface Names {
  readonly holder: PartName;
  readonly part: PartName;
}

function heldRole(holder: Asset, part: Asset): PartRole | null {
  if (holder.primary === part.primary || !part.resources.every((resource) => holds(holder, resource))) return null;
  const role = holder.resources.find((resource) => resource.sha256 === part.primary)?.role;
  return role === 'photo' || role === 'video' || role === undefined ? null : role;
}

/** The identifier that Apple writes into both, and into nothing else. */
function isPairedVideo(holder: Asset, part: Asset, names: Names): boolean {
  return holder.mediaKind === 'photo' && !names.part.edited && isSameIdentifier(holder, part) === true;
}

/**
 * By its name, or, of two photos with one identifier, by the mark that the editor left in it. An edit
 * may have an identifier of its own (Photos for macOS writes a new one), so another one says nothing.
 */
function isEdit(holder: Asset, part: Asset, names: Names): boolean {
  const [ofPart, ofHolder] = [isVideo(part), isVideo(holder)];
  if (ofHolder && !ofPart) return false;
  if (!isSameMoment(taken(holder), taken(part), ofPart === ofHolder ? SHOT_TOLERANCE_MS : LIVE_TOLERANCE_MS)) return false;
  if (names.part.edited) return names.part.stem === names.holder.stem;
  return isPhoto(holder) && isPhoto(part) && isSameIdentifier(holder, part) === true && isMarkedEdited(part) && !isMarkedEdited(holder);
}

function isRawOf(holder: Asset, part: Asset, names: Names): boolean {
  const isSameCamera = holder.details?.camera?.model !== undefined && holder.details.camera.model === part.details?.camera?.model;
  return (
    isPhoto(holder) &&
    names.holder.stem === names.part.stem &&
    isSameCamera &&
    isSameMoment(taken(holder), taken(part), SHOT_TOLERANCE_MS) &&
    isSameIdentifier(holder, part) !== false
  );
}

/** Edits are made after the photo; a file that is older by more than time zones explain is another photo's. */
const OLDER_MS = 24 * 60 * 60 * 1000;

function isSidecarOf(holder: Asset, part: Asset, names: Names): boolean {
  const { describes } = names.part;
  const isNamed = describes === null ? names.holder.stem === names.part.stem : holder.resources.some((resource) => resource.name.normalize('NFC').toLowerCase() === describes);
  return isNamed && taken(part).at >= taken(holder).at - OLDER_MS && isSameIdentifier(holder, part) !== false;
}

function isOtherCamera(a: Asset, b: Asset): boolean {
  const [one, other] = [a.details?.camera?.model, b.details?.camera?.model];
  return one !== undefined && other !== undefined && one !== other;
}

/** null: one of them has none. */
function isSameIdentifier(a: Asset, b: Asset): boolean | null {
  const [one, other] = [a.details?.contentIdentifier, b.details?.contentIdentifier];
  return one === undefined || other === undefined ? null : one === other;
}

/** By the file, whatever a person set since. */
const taken = (asset: Asset): Capture => (asset.asTaken ?? asset).capture;
const isPhoto = (asset: Asset): boolean => asset.mediaKind === 'photo' || asset.mediaKind === 'live_photo';
const isVideo = (asset: Asset): boolean => asset.mediaKind === 'video';
const isMarkedEdited = (asset: Asset): boolean => nameOf(asset).edited || (asset.details?.marks?.includes('edited') ?? false);

function nameOf(asset: Asset): PartName {
  const primary = asset.resources.find((resource: Resource) => resource.sha256 === asset.primary);
  return partNameOf(primary?.name ?? '');
}
