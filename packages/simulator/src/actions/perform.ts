import type { Device } from '../device/device.ts';
import { Died } from '../world/died.ts';
import { deviceOf, type World } from '../world/world.ts';
import type { Action, ActionKind } from './action.ts';
import { adjustingHandlers } from './adjusting.ts';
import { browserHandlers, inBrowser } from './browser.ts';
import { companionHandlers } from './companions.ts';
import { deviceHandlers } from './devices.ts';
import { elsewhereHandlers } from './elsewhere.ts';
import { fileHandlers } from './files.ts';
import type { Handler, Handlers } from './handler.ts';
import { libraryHandlers } from './library.ts';
import { networkHandlers } from './network.ts';
import { serverHandlers } from './server.ts';
import { settingHandlers } from './settings.ts';
import { storageHandlers } from './storage.ts';
import { surroundingsHandlers } from './surroundings.ts';
import { notePolicy } from '../checks/policy.ts';

const DAY_MS = 86_400_000;

const timeHandlers: Handlers = {
  'sync': (_world, device) => {
    device.start();
    device.sync();
    return 'syncs';
  },
  'wait': async (world, _device, action) => {
    await world.pass(500 + (action.x % 5_000));
    return 'time passes';
  },
  'wait long': async (world, _device, action) => {
    await world.pass(60_000 + (action.x % 600_000));
    return 'minutes pass';
  },
  'wait month': async (world, _device, action) => {
    // What works comes to rest first; then the days go by at once, as nobody waits for them.
    await world.rest(600_000);
    world.timeline.now += ([2, 8, 31][action.x % 3] ?? 31) * DAY_MS;
    return 'days pass';
  },
};

const handlers: Handlers = { ...timeHandlers, ...fileHandlers, ...companionHandlers, ...libraryHandlers, ...adjustingHandlers, ...browserHandlers, ...settingHandlers, ...surroundingsHandlers, ...storageHandlers, ...elsewhereHandlers, ...deviceHandlers, ...networkHandlers, ...serverHandlers };

/** What is done to the server, rather than to or on a device. */
const ofServer: ReadonlySet<ActionKind> = new Set(Object.keys(serverHandlers) as ActionKind[]);

export async function perform(world: World, action: Action): Promise<void> {
  world.reseed(action.salt);
  const device = deviceOf(world, action);
  const usual: Handler | undefined = handlers[action.do];
  const handler = device.browser ? inBrowser(action.do, usual) : usual;
  const done = handler ? await attempt(handler, world, device, action) : null;
  if (done !== null) world.note(whoOf(action, device), `· ${done}`);
  notePolicy(world);
  if (device.watches && device.isOn) device.sync();
  // Acts of people and blows of fate fall between the steps of the work, not only before or after all of it.
  await world.pass(world.chance().below(300));
}

/** What a person asks of a server that is killed meanwhile has no answer. */
async function attempt(handler: Handler, world: World, device: Device, action: Action): Promise<string | null> {
  try {
    return await handler(world, device, action);
  } catch (error) {
    if (error instanceof Died) return null;
    throw error;
  }
}

function whoOf(action: Action, device: Device): string {
  if (action.do.startsWith('wait')) return 'world';
  return ofServer.has(action.do) ? 'server' : device.name;
}
