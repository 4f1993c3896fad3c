import type { PlantedBug } from './bug.ts';
import { engineBugs } from './engine-bugs.ts';
import { serverBugs } from './server-bugs.ts';

export const bugs: readonly PlantedBug[] = [...engineBugs, ...serverBugs];

/** Named by the plan of this work, and not plantable yet: the code in which they would stand is not there. */
export const bugsToCome = ['eviction on an old answer: no device evicts originals yet'] as const;
