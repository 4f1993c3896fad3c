import type { Sha256 } from '@everroll/protocol';
import { accountForDisaster, isOnDevice, unnamedSince } from '../checks/server.ts';
import { beginAnew } from './devices.ts';
import type { Device } from '../device/device.ts';
import type { StagedFile } from '../device/web.ts';
import { photoOf } from '../folder/photo-file.ts';
import { hashOf } from '../world/hash.ts';
import type { World } from '../world/world.ts';
import type { Action, ActionKind } from './action.ts';
import { chosen, type Handler, type Handlers } from './handler.ts';

const MOST_BYTES = 400;
/** A person chooses so many files at once. */
const MOST_FILES = 3;
/** Until the page that copied them has told the one that leads. */
const TELLING_MS = 2_000;

/** A person chooses files; from the end of the copying on they rely on it that nothing more is needed of them. */
function choose(world: World, device: Device, action: Action): string | null {
  const { browser, page } = device;
  if (!browser || !page) return null;
  if (device.isFull) return 'has no room for what is chosen';
  const chance = world.chance();
  const files = Array.from({ length: 1 + (action.x % MOST_FILES) }, (_, index): StagedFile => {
    const content = photoOf({ kind: 'photo', capturedAt: null, contentIdentifier: null }, chance.bytes(chance.between(1, MOST_BYTES)));
    const sha256 = hashOf(content) as Sha256;
    const name = `IMG_${(action.y + index) % 5}.JPG`;
    const file = { id: chance.hex(32), name, path: action.y % 3 === 0 ? `Holidays/${name}` : name, bytes: content.length, modifiedAt: world.timeline.now - 3_600_000, sha256, addedAt: device.clock.now() };
    browser.keep(file, content);
    world.model.take({ sha256, bytes: content.length, library: device.account.libraryId, kind: 'photo', contentIdentifier: null });
    return file;
  });
  world.timeline.after(chance.below(TELLING_MS), () => {
    // The page may be closed by now: another one finds the notes.
    if (device.page === page) page.add(files);
  });
  return `chooses ${files.map(({ path }) => path).join(', ')}`;
}

/** What is of no use, or has another meaning, where there are no folders. */
const notInBrowsers: ReadonlySet<ActionKind> = new Set([
  'take twin', 'add to folder', 'move file', 'rename file', 'overwrite file', 'touch file', 'delete from folder', 'write slowly', 'not a photo', 'take with companions',
  'back up device', 'restore device', 'clone device', 'unmount', 'empty source', 'unreadable', 'device full', 'optimise', 'free space', 'open original',
]);

/** What acts of other devices are in a browser. */
const instead: Handlers = {
  'take': choose,
  'take live photo': choose,
  'copy photo': choose,
  'reinstall device': async (world, device) => {
    if (!world.machine.process() || !device.browser) return null;
    world.struck('browser cleared its storage');
    device.kill(false);
    device.database.clear();
    device.browser.clear();
    world.model.forgetful.add(device.name);
    accountForDisaster(world, 'a browser cleared the storage in which it was, before it was saved');
    // What had come to the server and is in no asset yet is kept for a time, in which nobody will add it.
    for (const photo of world.model.photos.values()) {
      if (photo.gone === null && !isOnDevice(world, photo.library, photo.sha256)) photo.leftSince = unnamedSince(world, photo.library, photo.sha256);
    }
    await beginAnew(world, device);
    return 'lost all that its browser stored';
  },
  'delete file': (world, device, action) => {
    const waiting = chosen(device.database.rows("SELECT id, sha256 FROM web_staged WHERE state = 'waiting' ORDER BY id"), action.x);
    if (!waiting || !device.page) return null;
    const photo = world.model.photo(device.account.libraryId, String(waiting['sha256']));
    if (photo) photo.gone ??= 'a person took it off the list';
    device.page.cancel(String(waiting['id']));
    return `takes ${String(waiting['id']).slice(0, 8)} off the list`;
  },
};

/** The handler of an act as it is in a browser; undefined: there it is nothing. */
export function inBrowser(kind: ActionKind, usual: Handler | undefined): Handler | undefined {
  return notInBrowsers.has(kind) ? undefined : (instead[kind] ?? usual);
}

export const browserHandlers: Handlers = {
  'choose files': choose,
  'close page': (_world, device, action) => {
    if (!device.page) return null;
    // Half of them where a copy goes: that is one step of very many.
    const atRemoval = action.y % 2 === 0;
    const left = 1 + (action.x % (atRemoval ? 2 : 8));
    device.closing = { left, atRemoval };
    device.sync();
    return `will be closed at ${atRemoval ? 'removal' : 'step'} ${left} of its storage`;
  },
  'storage used up': (world, device) => {
    if (!device.browser) return null;
    device.isFull = !device.isFull;
    if (device.isFull) world.struck('browser storage used up');
    return device.isFull ? 'has no room in its storage' : 'has room in its storage again';
  },
};
