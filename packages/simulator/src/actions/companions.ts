import { type PhotoFacts, photoOf } from '../folder/photo-file.ts';
import { hashOf } from '../world/hash.ts';
import type { Handlers } from './handler.ts';

/** So few that the parts of one shot meet those of another. */
const NUMBERS = 3;
const MOST_BYTES = 200;
/** Until the last file of a shot is written: some after a device has given up waiting for it. */
const LATE_MS = 20_000;

/** The files of one shot as Apple's cameras and Photos name them, each with what it says of itself. */
function membersOf(stem: string, taken: number): readonly (Pick<PhotoFacts, 'kind' | 'capturedAt'> & { readonly name: string })[] {
  const [folder, number] = [stem.slice(0, stem.lastIndexOf('_')), stem.slice(stem.lastIndexOf('_') + 1)];
  return [
    { name: `${stem}.HEIC`, kind: 'photo', capturedAt: taken },
    { name: `${folder}_E${number}.HEIC`, kind: 'photo', capturedAt: taken },
    { name: `${stem}.AAE`, kind: 'sidecar', capturedAt: null },
    { name: `${stem}.DNG`, kind: 'raw', capturedAt: taken },
  ];
}

export const companionHandlers: Handlers = {
  'take with companions': (world, { photos, account }, action) => {
    if (!photos.mounted) return null;
    const chance = world.chance();
    const stem = `${action.y % 3 === 0 ? 'DCIM/' : ''}IMG_000${1 + (action.x % NUMBERS)}`;
    const taken = world.timeline.now - chance.below(100 * 86_400_000);
    const shot = `${stem} of ${action.salt}`;
    const members = membersOf(stem, taken).filter(() => chance.chance(0.7));
    for (const { name, ...facts } of members) {
      const content = photoOf({ ...facts, contentIdentifier: null }, chance.bytes(chance.between(1, MOST_BYTES)));
      world.timeline.after(chance.chance(0.5) ? 0 : chance.below(LATE_MS), () => {
        // A name that is taken is that of another shot's file, which stays.
        if (!photos.mounted || photos.isTaken(name) !== undefined) return;
        photos.write(name, content, world.timeline.now);
        world.model.take({ sha256: hashOf(content), bytes: content.length, library: account.libraryId, kind: facts.kind, contentIdentifier: null }, shot);
      });
    }
    return `takes ${stem} with ${members.map(({ name }) => name).join(', ')}`;
  },
};
