import { type Action, type ActionKind, actionKinds, type DeviceSetting, type Scenario } from '../actions/action.ts';
import { mix, Prng } from '../world/prng.ts';
import { closingOf, meetingOf, sceneFor, storyFor } from './scenes.ts';

/** How often a kind is drawn, against the others of its run. 1 unless it stands here. */
const weights: Partial<Record<ActionKind, number>> = {
  'sync': 12,
  'wait': 8,
  'wait long': 2,
  'take': 6,
  'take live photo': 2,
  'copy photo': 2,
  'add to folder': 2,
  'caption': 2,
  'trash': 2,
  'purge': 2,
  'delete from folder': 2,
};

/** What must have happened for an action to find something to do. A set that grows while it is walked takes what that needs, too. */
const needs: Partial<Record<ActionKind, readonly ActionKind[]>> = {
  'restore server': ['back up server'],
  'restore device': ['back up device'],
  'recover': ['trash'],
  'purge': ['trash'],
  'add again': ['purge', 'copy photo'],
  'rename album': ['album'],
  'delete album': ['album'],
  'add to album': ['album'],
  'remove from album': ['add to album'],
  'order album': ['add to album'],
  'answer guard': ['empty source', 'add to folder'],
  'delete from folder': ['add to folder'],
};

/**
 * Actions that are dangerous together. Half of the runs take one of these and little else: what needs
 * a backup, a change and a restore in that order is met a hundred times more often so.
 */
const themes: readonly (readonly ActionKind[])[] = [
  ['back up server', 'restore server', 'caption', 'album', 'copy photo', 'trash', 'kill device'],
  ['doom server statement', 'doom server disk', 'power cut server', 'kill server', 'server sync fails', 'housekeeping', 'second process'],
  ['doom device', 'kill device', 'caption', 'trash', 'album', 'take live photo'],
  ['back up device', 'restore device', 'clone device', 'reinstall device', 'caption', 'bad network'],
  ['add to folder', 'move file', 'rename file', 'delete from folder', 'overwrite file', 'touch file', 'empty source', 'unmount'],
  ['trash', 'recover', 'purge', 'add again', 'copy photo', 'housekeeping', 'wait month', 'rename file'],
  ['take live photo', 'trash', 'purge', 'copy photo', 'restart device', 'wait'],
  ['housekeeping', 'slow disk', 'second process', 'take live photo', 'copy photo'],
  ['back up server', 'restore server', 'album', 'delete album', 'purge', 'offline'],
  ['power cut server', 'bad network', 'slow disk', 'doom server disk'],
  ['change plan', 'take live photo', 'copy photo', 'trash', 'purge', 'write slowly'],
  ['album', 'add to album', 'remove from album', 'order album', 'delete album', 'rename album', 'caption', 'favourite', 'offline'],
  ['take live photo', 'delete file', 'write slowly', 'move file', 'bad network'],
  ['server disk full', 'slow disk', 'housekeeping', 'wait month', 'bad network', 'write slowly'],
];

/** In every run: without them nothing happens. */
const always: ReadonlySet<ActionKind> = new Set(['sync', 'wait', 'take']);

/** What decides what may move: drawn for some runs, between what else happens in them, so that it hides nothing there. */
const ofPolicy: ReadonlySet<ActionKind> = new Set(['surroundings', 'policy', 'sync now', 'ask', 'set elsewhere']);
/** What stands in scenes and stories alone. */
const ofScenes: ReadonlySet<ActionKind> = new Set(['take with companions', 'late answers', 'hear of news']);
/** What takes originals from a device, drawn in the same way. */
const ofStorage: ReadonlySet<ActionKind> = new Set(['optimise', 'free space', 'open original']);
/** What is in browsers alone. */
const ofBrowsers: ReadonlySet<ActionKind> = new Set(['choose files', 'storage used up', 'close page']);
/** What gives photos another look, drawn in the same way. */
const ofLooks: ReadonlySet<ActionKind> = new Set(['adjust', 'undo look', 'take look', 'dismiss look']);
const POLICY_SHARE = 0.2;
/** What is forbidden shows in what comes after it: time that passes, and work that there would be. */
const policyBag: readonly ActionKind[] = ['surroundings', 'surroundings', 'surroundings', 'policy', 'policy', 'policy', 'wait long', 'wait long', 'take', 'take', 'sync', 'sync', 'sync now', 'ask'];

/** What people set for a device elsewhere, and time in which it hears of it. */
const ELSEWHERE_SHARE = 0.15;
const elsewhereBag: readonly ActionKind[] = ['set elsewhere', 'set elsewhere', 'set elsewhere', 'wait', 'sync', 'sync', 'sync switch', 'pause', 'restart device'];
const SCENE_SHARE = 0.2;
const STORY_SHARE = 0.2;
/** Those of the test run, which are the same from one change of the generator to the next. */
const SEEDS_WITHOUT_SCENES = 400;
const STORAGE_SHARE = 0.12;
/** Seeds below this are those of the tests and of docs/proof.md: they stay the runs that they were. */
const NEWER_FROM = 1_000;
/** Pressure shows where there are photos, where the server went back or lost something, and where a device dies in the middle. */
const storageBag: readonly ActionKind[] = ['optimise', 'optimise', 'optimise', 'free space', 'free space', 'open original', 'add to folder', 'add to folder', 'add to folder', 'take', 'sync', 'sync', 'sync', 'sync', 'sync', 'wait', 'wait', 'wait long', 'doom device', 'kill device', 'bit rot', 'back up server', 'restore server', 'move file', 'delete from folder', 'trash'];

const LOOKS_SHARE = 0.15;
/** Of these runs, in which two people edit one photo beside each other, twice, before anything else happens. */
const MEETING_SHARE = 0.3;
/** Edits meet where two devices have one photo and do not hear of each other, and where a photo goes or its server goes back. */
const looksBag: readonly ActionKind[] = ['adjust', 'adjust', 'adjust', 'adjust', 'adjust', 'adjust', 'undo look', 'undo look', 'take look', 'take look', 'take look', 'take look', 'dismiss look', 'dismiss look', 'dismiss look', 'sync', 'sync', 'sync', 'sync', 'wait', 'wait', 'wait long', 'offline', 'trash', 'recover', 'purge', 'restart device', 'back up server', 'restore server', 'back up device', 'restore device', 'favourite'];

const BROWSER_SHARE = 0.15;
/** Pages are closed at any time, and their storage is little. */
const browserBag: readonly ActionKind[] = ['choose files', 'choose files', 'choose files', 'choose files', 'sync', 'sync', 'sync', 'sync', 'wait', 'wait', 'wait long', 'kill device', 'doom device', 'doom device', 'close page', 'close page', 'close page', 'close page', 'restart device', 'restart device', 'storage used up', 'reinstall device', 'delete file', 'caption', 'adjust', 'trash', 'back up server', 'restore server', 'offline', 'bad network'];

/** Of these runs, in which a page is closed at the end in the moment in which it gives up a copy: nothing comes after it that mends by chance what was left. */
const CLOSING_SHARE = 0.3;

const COLUMNS_SHARE = 0.3;
/** Snapshots are taken where a device begins anew or its server went back, and are worth taking where there is something in them. */
const columnsBag: readonly ActionKind[] = ['take', 'sync', 'sync', 'caption', 'trash', 'adjust', 'adjust', 'reinstall device', 'reinstall device', 'back up server', 'restore server', 'wait long'];

const NUMBER_MAX = 2 ** 31;

/**
 * A scenario out of one number. Each run gets a part of the kinds of actions only (swarm testing, Groce
 * and others 2012): a fault that is always there hides what happens without it.
 */
export function generate(seed: number): Scenario {
  const chance = new Prng(mix(seed, 1));
  const accounts = chance.chance(0.15) ? 2 : 1;
  const count = chance.pick([1, 2, 2, 3, 4]);
  const badNetworks = chance.chance(0.4);
  const devices = Array.from({ length: count }, (_, index): DeviceSetting => ({
    account: index % accounts,
    folder: chance.chance(0.5),
    foldsNames: chance.chance(0.3),
    watches: chance.chance(0.5),
    badNetwork: badNetworks && chance.chance(0.7) ? chance.below(NUMBER_MAX) : 0,
  }));
  const theme = new Set(chance.chance(0.6) ? chance.pick(themes) : []);
  const share = theme.size > 0 ? 0.04 : chance.pick([0.1, 0.2, 0.35]);
  const drawn = new Set(actionKinds.filter((kind) => !ofPolicy.has(kind) && !ofStorage.has(kind) && !ofLooks.has(kind) && !ofBrowsers.has(kind) && !ofScenes.has(kind) && (always.has(kind) || theme.has(kind) || chance.chance(share))));
  for (const kind of drawn) for (const needed of needs[kind] ?? []) drawn.add(needed);
  const kinds = actionKinds.filter((kind) => drawn.has(kind));
  const bag = kinds.flatMap((kind) => Array.from({ length: (weights[kind] ?? 1) + (theme.has(kind) ? 2 : 0) }, () => kind));
  const length = chance.between(8, 40);
  const actions = Array.from({ length }, (): Action => ({
    do: chance.pick(bag),
    device: chance.below(count),
    x: chance.below(NUMBER_MAX),
    y: chance.below(NUMBER_MAX),
    salt: chance.below(NUMBER_MAX),
  }));
  const setting = { accounts, devices, pageLimit: chance.pick([1, 2, 3, 5, 500]), plan: chance.pick([5_000_000, 5_000_000, 5_000, 1_500]) };
  const scenario: Scenario = { seed, setting, actions: withElsewhere(withPolicy(actions, count, new Prng(mix(seed, 2))), count, new Prng(mix(seed, 3))) };
  const stored = withBrowser(withColumns(withLooks(withStorage(scenario, new Prng(mix(seed, 5))), new Prng(mix(seed, 6))), new Prng(mix(seed, 7))), new Prng(mix(seed, 9)));
  return { ...stored, actions: [...sceneOf(seed, stored.setting.devices), ...storyOf(seed, stored.setting.devices), ...stored.actions] };
}

/** A device that optimises its storage, from chance of its own as well. */
function withStorage(scenario: Scenario, chance: Prng): Scenario {
  const { seed, setting, actions } = scenario;
  if (seed < NEWER_FROM || !chance.chance(STORAGE_SHARE)) return scenario;
  const one = chance.below(setting.devices.length);
  const devices = setting.devices.map((device, index) => (index === one ? { ...device, folder: true } : device));
  // The photos come first and the pressure after them, or the other way round.
  const mixed: Action[] = [...actions];
  for (let left = chance.between(10, 25); left > 0; left -= 1) {
    mixed.splice(chance.below(mixed.length + 1), 0, { do: chance.pick(storageBag), device: chance.chance(0.8) ? one : chance.below(devices.length), x: chance.below(NUMBER_MAX), y: chance.below(NUMBER_MAX), salt: chance.below(NUMBER_MAX) });
  }
  return { seed, setting: { ...setting, devices }, actions: mixed };
}

/** People who adjust photos, on devices of one account; from chance of its own as well. */
function withLooks(scenario: Scenario, chance: Prng): Scenario {
  const { seed, setting, actions } = scenario;
  if (seed < NEWER_FROM || !chance.chance(LOOKS_SHARE)) return scenario;
  const [first] = setting.devices;
  const others = setting.devices.filter(({ account }) => account === first?.account);
  const devices = first && others.length === 1 ? [...setting.devices, { ...first, folder: !first.folder, watches: chance.chance(0.5) }] : setting.devices;
  const mixed: Action[] = [...actions];
  // Of what goes back, a part of the runs has none: there every look is followed to its end.
  const bag = chance.chance(0.6) ? looksBag.filter((kind) => kind !== 'restore server' && kind !== 'restore device') : looksBag;
  // There is something to adjust first.
  const early: Action[] = (['take', 'take', 'sync', 'wait', 'sync'] as const).map((kind) => ({ do: kind, device: chance.below(devices.length), x: chance.below(NUMBER_MAX), y: chance.below(NUMBER_MAX), salt: chance.below(NUMBER_MAX) }));
  const meets = devices.length > 1 && chance.chance(MEETING_SHARE);
  const begun = meets ? [...early, ...meetingOf(devices, chance)] : early;
  mixed.unshift(...begun);
  for (let left = chance.between(15, 35); left > 0; left -= 1) {
    mixed.splice(chance.between(begun.length, mixed.length), 0, { do: chance.pick(bag), device: chance.below(devices.length), x: chance.below(NUMBER_MAX), y: chance.below(NUMBER_MAX), salt: chance.below(NUMBER_MAX) });
  }
  // Who hears of everything at once meets nobody.
  const alone = meets ? devices.map((device) => ({ ...device, watches: false })) : devices;
  return { seed, setting: { ...setting, devices: alone }, actions: mixed };
}

/** Devices that take snapshots in columns, beside others that take them as JSON; from chance of its own as well. */
function withColumns(scenario: Scenario, chance: Prng): Scenario {
  const { seed, setting, actions } = scenario;
  if (seed < NEWER_FROM || !chance.chance(COLUMNS_SHARE)) return scenario;
  const devices = setting.devices.map((device) => (chance.chance(0.7) ? { ...device, columns: chance.pick(['kept', 'paged'] as const) } : device));
  return { seed, setting: { ...setting, devices }, actions: mixedIn(actions, columnsBag, { least: 3, most: 9 }, devices.length, chance) };
}

/** A browser beside the other devices; from chance of its own as well. */
function withBrowser(scenario: Scenario, chance: Prng): Scenario {
  const { seed, setting, actions } = scenario;
  if (seed < NEWER_FROM || !chance.chance(BROWSER_SHARE)) return scenario;
  const browser: DeviceSetting = { account: 0, folder: false, foldsNames: false, watches: chance.chance(0.5), badNetwork: 0, columns: chance.pick(['kept', 'paged'] as const), browser: true };
  const devices = [...setting.devices, browser];
  const mixed: Action[] = [...actions];
  for (let left = chance.between(10, 30); left > 0; left -= 1) {
    mixed.splice(chance.below(mixed.length + 1), 0, { do: chance.pick(browserBag), device: devices.length - 1, x: chance.below(NUMBER_MAX), y: chance.below(NUMBER_MAX), salt: chance.below(NUMBER_MAX) });
  }
  const left = chance.chance(CLOSING_SHARE) ? closingOf(devices.length - 1, chance) : [];
  return { seed, setting: { ...setting, devices }, actions: [...mixed, ...left] };
}

/** Before all else that happens in some runs, again by a chance of its own. */
function sceneOf(seed: number, devices: readonly DeviceSetting[]): readonly Action[] {
  const chance = new Prng(mix(seed, 4));
  return seed > SEEDS_WITHOUT_SCENES && chance.chance(SCENE_SHARE) ? sceneFor(devices, chance) : [];
}

/** From chance of their own: what the other runs do is what they did without these. */
function withPolicy(actions: readonly Action[], devices: number, chance: Prng): readonly Action[] {
  if (!chance.chance(POLICY_SHARE)) return actions;
  // Without "Sync now" and asking by name in most of these runs: both excuse much of what comes after.
  const bag = chance.chance(0.25) ? policyBag : policyBag.filter((kind) => kind !== 'sync now' && kind !== 'ask');
  return mixedIn(actions, bag, { least: 6, most: 20 }, devices, chance);
}

function withElsewhere(actions: readonly Action[], devices: number, chance: Prng): readonly Action[] {
  return chance.chance(ELSEWHERE_SHARE) ? mixedIn(actions, elsewhereBag, { least: 4, most: 16 }, devices, chance) : actions;
}

function mixedIn(actions: readonly Action[], bag: readonly ActionKind[], count: { least: number; most: number }, devices: number, chance: Prng): Action[] {
  // One device mostly: what is set, what happens and what is to move have to meet.
  const one = chance.below(devices);
  const mixed = [...actions];
  for (let left = chance.between(count.least, count.most); left > 0; left -= 1) {
    mixed.splice(chance.below(mixed.length + 1), 0, { do: chance.pick(bag), device: chance.chance(0.8) ? one : chance.below(devices), x: chance.below(NUMBER_MAX), y: chance.below(NUMBER_MAX), salt: chance.below(NUMBER_MAX) });
  }
  return mixed;
}

/** After the scene, where there is one; by a chance of its own too. */
function storyOf(seed: number, devices: readonly DeviceSetting[]): readonly Action[] {
  const chance = new Prng(mix(seed, 10));
  return seed > SEEDS_WITHOUT_SCENES && chance.chance(STORY_SHARE) ? storyFor(devices, chance) : [];
}
