import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from '../../home/atomic-file.ts';

/**
 * What a source looked like when it last had something in it. An unmounted disk leaves its mount
 * point behind: a folder that exists, is empty, and is another one than before. A source is never
 * written, so what tells the two apart is kept in the device's own home.
 */
const Witness = z.object({
  /** Device and inode of the root. */
  root: z.string(),
  /** Folders below it on which another disk was mounted. */
  mounts: z.array(z.string()),
});
export type Witness = z.infer<typeof Witness>;

export interface Witnesses {
  of(location: string): Witness | undefined;
  keep(location: string, witness: Witness): void;
  /** Every root that was ever seen with something in it. */
  locations(): readonly string[];
}

const Stored = z.record(z.string(), Witness);

export function openWitnesses(path: string): Witnesses {
  let known: Map<string, Witness> | undefined;
  const load = (): Map<string, Witness> => {
    known ??= new Map(Object.entries(read(path)));
    return known;
  };
  return {
    of: (location) => load().get(location),
    locations: () => [...load().keys()],
    keep(location, witness) {
      const all = load();
      if (JSON.stringify(all.get(location)) === JSON.stringify(witness)) return;
      all.set(location, witness);
      writeAtomically(path, JSON.stringify(Object.fromEntries(all), null, 2));
    },
  };
}

/** Lost witnesses are made anew by the next listing that finds something: nothing else depends on them. */
function read(path: string): Record<string, Witness> {
  try {
    const parsed = Stored.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}
