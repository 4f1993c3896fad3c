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

/** A step of a story: also who does it, the first device of the pair or the second, and a `salt` where that says more than chance. */
type Part = readonly [who: 0 | 1, kind: ActionKind, numbers?: { readonly x?: number; readonly y?: number; readonly salt?: number }];

const syncing = (who: 0 | 1): Part[] => [[who, 'sync'], [who, 'wait long']];
const times = (count: number, parts: readonly Part[]): Part[] => Array.from({ length: count }, () => parts).flat();

interface Story {
  readonly devices: 1 | 2;
  readonly parts: readonly Part[];
}

/** As `actions/network.ts` reads it: a cache that gives out old pages in six of ten exchanges, and nothing else. */
const OLD_PAGES = { x: 1, salt: 4352 };
const GOOD_NETWORK = { x: 0 };
/** As `actions/server.ts` reads it: with its originals, by the command that restores, or by hand. */
const RESTORED_AS_A_WHOLE = { y: 0, salt: 0 };
const PUT_BACK_AS_A_WHOLE = { y: 0, salt: 1 };
/** As `actions/network.ts` reads it. */
const [OF_CHANGES, OF_ALL] = [{ x: 0 }, { x: 1 }];
/** As `actions/files.ts` reads it: of one Live Photo, whose halves come in any number. */
const ONE_LIVE_PHOTO = { x: 0, y: 1 };
/** As `actions/library.ts` reads it: one photo, not all of the first. */
const ONE_PHOTO = { x: 1 };
/** As `actions/settings.ts` reads it: plans from the smallest to one without an end. */
const [SMALLEST_PLAN, SMALL_PLAN, NO_END] = [{ x: 3 }, { x: 2 }, { x: 0 }];
/** As `actions/perform.ts` reads it: half a second. */
const A_MOMENT = { x: 0 };

/** Days of two devices of one account, or of one and its server, on which much comes together that chance alone rarely brings. */
const stories: readonly Story[] = [
  {
    // A device is restored from its backup behind a cache that gives out an old page of the log, while it catches up.
    devices: 1,
    parts: [[0, 'take'], ...syncing(0), [0, 'back up device'], ...times(3, [[0, 'take'], ...syncing(0)]), [0, 'bad network', OLD_PAGES], [0, 'restore device'], ...syncing(0), ...syncing(0), [0, 'bad network', GOOD_NETWORK]],
  },
  {
    // The server is restored, and somebody deletes a photo for ever before another device has read its library anew.
    devices: 2,
    parts: [...times(2, [[0, 'take']]), ...syncing(0), ...syncing(1), [0, 'trash', ONE_PHOTO], ...syncing(0), ...syncing(1), [0, 'back up server'], [0, 'restore server', RESTORED_AS_A_WHOLE], ...syncing(0), [0, 'purge'], ...syncing(0), ...syncing(1)],
  },
  {
    // A photo is deleted for ever on one device, and lies on another one, which has no network.
    devices: 2,
    parts: [[0, 'take'], ...syncing(0), [1, 'offline'], [1, 'copy photo', { x: 0, y: 0 }], [0, 'trash', ONE_PHOTO], [0, 'purge'], ...syncing(0), [1, 'offline'], ...syncing(1), ...syncing(1)],
  },
  {
    // Stills that came with one video are saved, and one of them is deleted for ever.
    devices: 1,
    parts: [...times(4, [[0, 'take live photo', ONE_LIVE_PHOTO]]), ...syncing(0), ...syncing(0), [0, 'trash', ONE_PHOTO], [0, 'purge'], ...syncing(0)],
  },
  {
    // Two devices bring more than the plan holds, at the same time, and then somewhat more than a larger one.
    devices: 2,
    parts: [SMALLEST_PLAN, SMALL_PLAN, NO_END].flatMap((plan): Part[] => [[0, 'change plan', plan], ...times(3, [[0, 'take'], [1, 'take']]), [0, 'sync'], [1, 'sync'], [0, 'wait long']]),
  },
  {
    // The first photo comes to a server whose disk is slow, and which keeps house all the time.
    devices: 1,
    parts: [[0, 'slow disk'], [0, 'take'], [0, 'sync'], ...times(25, [[0, 'housekeeping'], [0, 'wait', A_MOMENT]]), [0, 'slow disk']],
  },
  {
    // The server is put back by hand while the answer to a change is on its way, and somebody else's change takes its place.
    devices: 2,
    parts: [[0, 'take'], ...syncing(0), ...syncing(1), [0, 'back up server'], [0, 'late answers', OF_CHANGES], [0, 'caption', ONE_PHOTO], [0, 'sync'], [0, 'wait', A_MOMENT], [0, 'restore server', PUT_BACK_AS_A_WHOLE], [1, 'album'], [1, 'sync'], [0, 'wait', A_MOMENT], [0, 'hear of news'], [0, 'wait long'], [0, 'late answers'], ...syncing(0), ...syncing(1)],
  },
  {
    // Whatever the rest of the run does, what two devices hear of it comes seconds later, in any order.
    devices: 2,
    parts: [[0, 'take'], ...syncing(0), ...syncing(1), [0, 'back up server'], [0, 'late answers', OF_ALL], [1, 'late answers', OF_ALL]],
  },
  {
    // A device dies again and again while it catches up with what another one has sent.
    devices: 2,
    parts: [...syncing(1), ...times(5, [[0, 'take'], ...syncing(0), [1, 'doom device'], [1, 'wait long']])],
  },
];

/** One of those for which there are devices of one account, with a good network. */
export function storyFor(devices: readonly DeviceSetting[], chance: Prng): Action[] {
  const first = devices.find(canPlay);
  const able = devices.flatMap((device, index) => (canPlay(device) && device.account === first?.account ? [index] : []));
  const playable = stories.filter(({ devices: needed }) => needed <= able.length);
  return playable.length === 0 ? [] : acted(chance.pick(playable).parts, able, chance);
}

const canPlay = ({ browser, badNetwork }: DeviceSetting): boolean => browser !== true && badNetwork === 0;

function acted(parts: readonly Part[], devices: readonly number[], chance: Prng): Action[] {
  const drawn = (): number => chance.below(NUMBER_MAX);
  return parts.map(([who, kind, { x = drawn(), y = drawn(), salt = drawn() } = {}]) => ({ do: kind, device: devices[who] ?? 0, x, y, salt }));
}

/** As `actions/adjusting.ts` reads it: of the first photo that both show; neither a revert, nor is anything dismissed with the edit. */
const PLAIN_EDIT = { x: 0, y: 2 };

/** Two people of one account adjust the same photo, neither seeing the other's edit, and do so again; then one of the looks that are offered is dismissed. */
export function meetingOf(devices: readonly DeviceSetting[], chance: Prng): Action[] {
  const pair = devices.flatMap(({ account }, index) => (account === devices[0]?.account ? [index] : []));
  const round: readonly Part[] = [[0, 'adjust'], [1, 'adjust'], ...syncing(0), ...syncing(1), ...syncing(0)];
  const parts: readonly Part[] = [...syncing(0), ...syncing(1), ...syncing(0), ...round, ...round, [0, 'dismiss look'], ...syncing(0), ...syncing(1)];
  return acted(parts.map(([who, kind]) => [who, kind, PLAIN_EDIT]), pair, chance);
}

/** As `actions/browser.ts` reads it: the page is closed where it is about to remove the first copy. */
const AT_FIRST_REMOVAL = 0;

/** A person chooses files in a browser, they are saved, and the page is closed where it gives up the copy of one. */
export function closingOf(browser: number, chance: Prng): Action[] {
  const steps: readonly Step[] = [['choose files'], ['close page', AT_FIRST_REMOVAL, AT_FIRST_REMOVAL], ['wait long'], ['sync'], ['wait long']];
  return steps.map(([kind, x = chance.below(NUMBER_MAX), y = chance.below(NUMBER_MAX)]) => ({ do: kind, device: browser, x, y, salt: chance.below(NUMBER_MAX) }));
}
