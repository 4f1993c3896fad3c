import type { Action, ActionKind, DeviceSetting } from '../actions/action.ts';
import type { Prng } from '../world/prng.ts';

/** One step of a scene: a kind of action with the numbers that say what it is to do. */
type Step = readonly [kind: ActionKind, x?: number, y?: number];

interface Scene {
  /** Which devices can play it. */
  readonly needsFolder: boolean;
  readonly steps: readonly Step[];
}

/** `x` of these actions is a place in a list: of conditions, of settings (`actions/surroundings.ts`), of numbers of days. */
const METERED = 0;
const UNMETERED = 2;
const ON_BATTERY = 11;
const ON_CHARGER = 13;
const NO_MOBILE_DATA = 0;
const MOBILE_DATA = 2;
const SMALL_ALLOWANCE = 4;
const NO_ALLOWANCE_NEEDED = 3;
const ALWAYS = 7;
const ON_CHARGER_ALONE = 11;
const FRESH_FIRST = 14;
const TWO_DAYS = 0;
/** Even numbers let chance choose among what a change would hurt. */
const AS_SAID = 1;

/**
 * What shows only if several acts come in one order, with nothing in between that undoes it: chance alone
 * would wait for it for ever. Each leaves settings and surroundings as it found them.
 */
const scenes: readonly Scene[] = [
  {
    // A photo that lies nowhere but in the library is deleted, and days go by that are fewer than thirty.
    needsFolder: true,
    steps: [['add to folder'], ['sync'], ['wait long'], ['trash', 0, 0], ['sync'], ['wait long'], ['wait month', TWO_DAYS], ['housekeeping'], ['wait']],
  },
  {
    // A photo with its edit, its sidecar and its RAW, which come one by one; what the rest of the run does meets them.
    needsFolder: false,
    steps: [['take with companions'], ['sync'], ['take with companions'], ['wait'], ['sync'], ['wait long']],
  },
  {
    // Mobile data is off on a metered connection, and there is something to send.
    needsFolder: false,
    steps: [['policy', NO_MOBILE_DATA], ['surroundings', METERED, AS_SAID], ['wait long'], ['take'], ['sync'], ['wait long'], ['policy', MOBILE_DATA], ['surroundings', UNMETERED, AS_SAID]],
  },
  {
    // Originals are to wait for the charger, which is not there.
    needsFolder: false,
    steps: [['policy', ON_CHARGER_ALONE], ['surroundings', ON_BATTERY, AS_SAID], ['wait long'], ['take'], ['sync'], ['wait long'], ['policy', ALWAYS], ['policy', FRESH_FIRST], ['surroundings', ON_CHARGER, AS_SAID]],
  },
  {
    // More is taken over a metered connection than the day's allowance covers.
    needsFolder: false,
    steps: [
      ['policy', SMALL_ALLOWANCE],
      ['surroundings', METERED, AS_SAID],
      ['wait long'],
      ...Array.from({ length: 4 }, (): Step[] => [['take'], ['sync'], ['wait long']]).flat(),
      ['policy', NO_ALLOWANCE_NEEDED],
      ['surroundings', UNMETERED, AS_SAID],
    ],
  },
];

const NUMBER_MAX = 2 ** 31;

/** The steps of a scene that chance picks, as actions of one device; none where no device can play it. */
export function sceneFor(devices: readonly DeviceSetting[], chance: Prng): Action[] {
  const scene = chance.pick(scenes);
  const able = devices.flatMap(({ folder }, index) => (folder || !scene.needsFolder ? [index] : []));
  if (able.length === 0) return [];
  const device = chance.pick(able);
  return scene.steps.map(([kind, x = chance.below(NUMBER_MAX), y = chance.below(NUMBER_MAX)]) => ({ do: kind, device, x, y, salt: chance.below(NUMBER_MAX) }));
}

type Meeting = readonly [kind: ActionKind, device: number];

/** As `actions/adjusting.ts` reads it: neither a revert, nor is anything dismissed with the edit. */
const PLAIN_EDIT = 2;

const syncing = (device: number): Meeting[] => [['sync', device], ['wait long', device]];

/** Two people of one account adjust the same photo, neither seeing the other's edit, and do so again; then one of the looks that are offered is dismissed. */
export function meetingOf(devices: readonly DeviceSetting[], chance: Prng): Action[] {
  const [a = 0, b = 0] = devices.flatMap(({ account }, index) => (account === devices[0]?.account ? [index] : []));
  const round: readonly Meeting[] = [['adjust', a], ['adjust', b], ...syncing(a), ...syncing(b), ...syncing(a)];
  const steps: readonly Meeting[] = [...syncing(a), ...syncing(b), ...syncing(a), ...round, ...round, ['dismiss look', a], ...syncing(a), ...syncing(b)];
  // `x` 0 is the first photo that both show.
  return steps.map(([kind, device]) => ({ do: kind, device, x: 0, y: PLAIN_EDIT, salt: chance.below(NUMBER_MAX) }));
}

/** As `actions/browser.ts` reads it: the page is closed where it is about to remove the first copy. */
const AT_FIRST_REMOVAL = 0;

/** A person chooses files in a browser, they are saved, and the page is closed where it gives up the copy of one. */
export function closingOf(browser: number, chance: Prng): Action[] {
  const steps: readonly Step[] = [['choose files'], ['close page', AT_FIRST_REMOVAL, AT_FIRST_REMOVAL], ['wait long'], ['sync'], ['wait long']];
  return steps.map(([kind, x = chance.below(NUMBER_MAX), y = chance.below(NUMBER_MAX)]) => ({ do: kind, device: browser, x, y, salt: chance.below(NUMBER_MAX) }));
}
