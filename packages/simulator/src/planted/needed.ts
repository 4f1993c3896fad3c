import type { Rule } from '../world/failure.ts';

/** A planted bug that one rule alone sees: with that rule taken away it escapes so many runs, among which it is found with it. */
interface Witness {
  readonly bug: string;
  readonly runs: number;
}

export const needed: Record<Rule, Witness> = {
  I1: { bug: 'duplicate-tidied-away', runs: 80 },
  I2: { bug: 'purge-takes-shared-bytes', runs: 80 },
  I3: { bug: 'reservation-leaked', runs: 120 },
  I4: { bug: 'tombstone-without-place', runs: 40 },
  I5: { bug: 'mutation-applied-twice', runs: 40 },
  I6: { bug: 'copy-given-up-unasked', runs: 40 },
  I7: { bug: 'works-while-switched-off', runs: 100 },
  I8: { bug: 'log-kept-short', runs: 40 },
  I9: { bug: 'page-stored-in-pieces', runs: 40 },
  I10: { bug: 'overlay-stays', runs: 40 },
  I11: { bug: 'quota-wait-never-ends', runs: 15 },
  I12: { bug: 'clock-order-used', runs: 40 },
  I13: { bug: 'empty-pushes', runs: 40 },
  I14: { bug: 'chance-of-its-own', runs: 48 },
  defect: { bug: 'poisoned-entry-stops-page', runs: 40 },
};
