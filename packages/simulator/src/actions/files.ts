import type { Device } from '../device/device.ts';
import type { Folder, FolderFile } from '../folder/folder.ts';
import { factsOf, type PhotoFacts, photoOf } from '../folder/photo-file.ts';
import { hashOf } from '../world/hash.ts';
import type { World } from '../world/world.ts';
import { isOnDevice, isStored, unnamedSince } from '../checks/server.ts';
import type { Action } from './action.ts';
import { chosen, type Handlers } from './handler.ts';

const MOST_BYTES = 400;
/** So few that one name is taken again and again. */
const NAMES = ['IMG_1.JPG', 'IMG_2.JPG', 'img_1.jpg', 'Käfer.jpg'.normalize('NFC'), 'Käfer.jpg'.normalize('NFD'), '2024/05/IMG_1.JPG', 'DCIM/IMG_3.JPG', 'Ω/é.jpg'];

function newPhoto(world: World, device: Device, facts: Partial<PhotoFacts> = {}): Uint8Array {
  const chance = world.chance();
  const content = photoOf({ kind: 'photo', capturedAt: chance.chance(0.2) ? null : world.timeline.now - chance.below(100 * 86_400_000), contentIdentifier: null, ...facts }, chance.bytes(chance.between(1, MOST_BYTES)));
  world.model.take({ sha256: hashOf(content), bytes: content.length, library: device.account.libraryId, kind: facts.kind ?? 'photo', contentIdentifier: facts.contentIdentifier ?? null });
  return content;
}

/** A name that is free, by a number. */
function freeName(folder: Folder, number: number, ending = ''): string {
  const wanted = NAMES[number % NAMES.length] ?? 'photo.jpg';
  const named = ending === '' ? wanted : wanted.replace(/\.[^.]*$/, ending);
  if (folder.isTaken(named) === undefined) return named;
  for (let attempt = 2; ; attempt += 1) {
    const other = named.replace(/(\.[^.]*)$/, `-${attempt}$1`);
    if (folder.isTaken(other) === undefined) return other;
  }
}

/** When a file says that it was written: mostly just now, sometimes long ago, sometimes in a time to come. */
function writtenAt(world: World): number {
  const chance = world.chance();
  if (chance.chance(0.6)) return world.timeline.now - 3_600_000;
  return world.timeline.now + (chance.chance(0.8) ? 0 : 365 * 86_400_000);
}

function mediaIn(folder: Folder): [string, FolderFile][] {
  return folder.mounted ? [...folder.files].filter(([, file]) => factsOf(file.content) !== undefined) : [];
}

function placeOf(device: Device, action: Action): Folder {
  return device.library && action.y % 2 === 1 ? device.library : device.photos;
}

/**
 * What a person did to a copy: where it was the last one that was not saved, the photo is theirs to lose.
 * Bytes that came to the server and are in no asset yet are kept for a time, in which the device adds it.
 */
function accountFor(world: World, device: Device, lost: FolderFile | undefined): void {
  if (!lost) return;
  const photo = world.model.photo(device.account.libraryId, hashOf(lost.content));
  if (!photo || isOnDevice(world, photo.library, photo.sha256)) return;
  if (!isStored(world, photo.library, photo.sha256)) photo.gone ??= 'a person destroyed the last copy';
  else photo.leftSince = unnamedSince(world, photo.library, photo.sha256);
}

/** A file that leaves the library folder by a person's hand moves its photo to Recently Deleted. */
function accountForDeletion(world: World, device: Device, lost: FolderFile | undefined): void {
  if (!lost) return;
  const library = device.account.libraryId;
  const sha256 = hashOf(lost.content);
  const naming = world.machine.database.rows('SELECT asset_id FROM asset_resource WHERE library_id = ? AND sha256 = ?', library, sha256);
  for (const row of naming) trashOf(world, device, String(row['asset_id']), [sha256, ...resourcesOf(world, device, String(row['asset_id']))]);
  trashOf(world, device, assetIdOf(device, sha256), [sha256]);
}

/**
 * A file that was written over, and then deleted or moved before its device looked at it in between:
 * the device knows of the earlier bytes alone, and sees that their file is gone. Only then, and only
 * of bytes that lie nowhere else in the folder, does this count as a deletion of what was written
 * over. What was moved is followed by its inode: it counts where another file had taken the name.
 */
export function accountForUnseen(world: World, device: Device, lost: FolderFile | undefined, how: 'deleted' | 'moved'): void {
  const { library } = device;
  if (!library || !lost) return;
  for (const { content, inode } of lost.overwritten) {
    if (how === 'moved' && inode === lost.inode) continue;
    const sha256 = hashOf(content);
    const isTaken = device.database.rows('SELECT 1 FROM item JOIN source ON source.id = item.source_id WHERE location = ? AND sha256 = ?', library.location, sha256).length > 0;
    const isElsewhere = library.files.values().some((file) => file !== lost && hashOf(file.content) === sha256);
    if (isTaken && !isElsewhere) accountForDeletion(world, device, { ...lost, content });
  }
}

/**
 * A file that was moved, and then replaced under its new name before its device looked: the device sees
 * that the file it knows is gone from where it was, and lies nowhere else. Of bytes that no other file of
 * the folder holds, and that it knows at places alone where nothing lies any more.
 */
function accountForMovedAndReplaced(world: World, device: Device, before: FolderFile): void {
  const { library } = device;
  if (!library) return;
  const there = new Set(library.files.values().map((file) => hashOf(file.content)));
  for (const { content } of [before, ...before.overwritten]) {
    const sha256 = hashOf(content);
    const known = device.database.rows('SELECT local_id FROM item JOIN source ON source.id = item.source_id WHERE location = ? AND sha256 = ?', library.location, sha256).map((row) => String(row['local_id']));
    if (known.length > 0 && !known.some((one) => library.files.has(one)) && !there.has(sha256)) accountForDeletion(world, device, { ...before, content });
  }
}

/** All files of an asset: who deletes the still of a Live Photo deletes its video. */
function resourcesOf(world: World, device: Device, asset: string): string[] {
  const rows = world.machine.database.rows('SELECT sha256 FROM asset_resource WHERE library_id = ? AND asset_id = ?', device.account.libraryId, asset);
  return rows.map((row) => String(row['sha256']));
}

function assetIdOf(device: Device, sha256: string): string {
  const library = device.account.libraryId;
  let id = '';
  for (let digit = 0; digit < 32; digit += 8) id += ((Number.parseInt(library.slice(digit, digit + 8), 16) ^ Number.parseInt(sha256.slice(digit, digit + 8), 16)) >>> 0).toString(16).padStart(8, '0');
  return id;
}

function trashOf(world: World, device: Device, asset: string, hashes: readonly string[]): void {
  world.model.trash(device.account.libraryId, asset as Parameters<typeof world.model.trash>[1], hashes, world.machine.clock());
}

export const fileHandlers: Handlers = {
  'take': (world, device, action) => {
    if (!device.photos.mounted) return null;
    const name = freeName(device.photos, action.x);
    device.photos.write(name, newPhoto(world, device), writtenAt(world), action.y % 4 === 0 ? 'reused inode' : 'new');
    return `takes ${name}`;
  },
  'add to folder': (world, device, action) => {
    const folder = device.library;
    if (!folder?.mounted) return null;
    const name = freeName(folder, action.x);
    folder.write(name, newPhoto(world, device), writtenAt(world));
    return `puts ${name} into the library folder`;
  },
  'take twin': (world, device, action) => {
    // The same name in another case or another spelling of its accents: two photos all the same.
    const [first, second] = action.x % 2 === 0 ? ['IMG_1.JPG', 'img_1.jpg'] : ['Käfer.jpg'.normalize('NFC'), 'Käfer.jpg'.normalize('NFD')];
    if (!device.photos.mounted) return null;
    for (const name of [first, second]) if (name !== undefined && !device.photos.files.has(name)) device.photos.write(name, newPhoto(world, device), writtenAt(world));
    return `takes ${first} and its twin`;
  },
  'take live photo': (world, device, action) => {
    const { photos } = device;
    if (!photos.mounted) return null;
    const chance = world.chance();
    // Sometimes one half comes later, from the other number of an earlier pair.
    const contentIdentifier = `live-${action.x % 4}-${action.y % 2 === 0 ? chance.hex(4) : 'shared'}`;
    const halves = chance.pick([['photo', 'video'], ['video', 'photo'], ['photo'], ['video']] as const);
    for (const kind of halves) photos.write(freeName(photos, action.x, kind === 'photo' ? '.HEIC' : '.MOV'), newPhoto(world, device, { kind, contentIdentifier }), writtenAt(world));
    return `takes ${halves.join(' and ')} of Live Photo ${contentIdentifier}`;
  },
  'copy photo': (world, device, action) => {
    // Now and then from a stranger: the same bytes in two libraries are two photos.
    const from = chosen(world.devices.filter((one) => one.account === device.account || action.salt % 2 === 0), action.y);
    const photo = chosen(from ? mediaIn(from.photos) : [], action.x);
    const target = action.salt % 3 === 0 && device.library ? device.library : device.photos;
    if (!photo || !target.mounted) return null;
    const name = freeName(target, action.x);
    target.write(name, photo[1].content, photo[1].modifiedAt);
    const facts = factsOf(photo[1].content);
    world.model.take({ sha256: hashOf(photo[1].content), bytes: photo[1].content.length, library: device.account.libraryId, kind: facts?.kind ?? 'photo', contentIdentifier: facts?.contentIdentifier ?? null });
    return `gets a copy of ${photo[0]} of ${from?.name} as ${target.location}/${name}`;
  },
  'move file': (world, device, action) => {
    const folder = placeOf(device, action);
    const file = chosen(mediaIn(folder), action.x);
    if (!file) return null;
    const to = freeName(folder, action.salt, `.moved${action.salt % 100}.jpg`);
    if (folder === device.library) accountForUnseen(world, device, file[1], 'moved');
    accountFor(world, device, folder.move(file[0], `moved/${to}`));
    return `moves ${file[0]} to moved/${to}`;
  },
  'rename file': (world, device, action) => {
    const folder = placeOf(device, action);
    const file = chosen(mediaIn(folder), action.x);
    if (!file) return null;
    // A folder's rename moves all of its files at once.
    const parent = file[0].includes('/') ? file[0].slice(0, file[0].lastIndexOf('/')) : null;
    if (parent !== null && action.salt % 2 === 0) {
      const inside = folder.files.keys().filter((path) => path.startsWith(`${parent}/`)).toArray();
      if (folder === device.library) for (const path of inside) accountForUnseen(world, device, folder.files.get(path), 'moved');
      for (const path of inside) accountFor(world, device, folder.move(path, `renamed${action.salt % 100}/${path.slice(parent.length + 1)}`));
      return `renames the folder ${parent}`;
    }
    const to = freeName(folder, action.salt);
    if (folder === device.library) accountForUnseen(world, device, file[1], 'moved');
    folder.move(file[0], to);
    return `renames ${file[0]} to ${to}`;
  },
  'overwrite file': (world, device, action) => {
    const folder = placeOf(device, action);
    const file = chosen(mediaIn(folder), action.x);
    if (!file) return null;
    const [path, before] = file;
    // Sometimes of the same size and time, so that only its identity tells, or nothing but its content.
    folder.write(path, newPhoto(world, device), world.timeline.now, action.salt % 2 === 0 ? 'in place' : 'new');
    accountFor(world, device, before);
    if (folder === device.library) accountForMovedAndReplaced(world, device, before);
    // The earlier photo stays in the library; in a two-way folder its file is fetched again beside.
    return `overwrites ${path}`;
  },
  'touch file': (world, device, action) => {
    const folder = placeOf(device, action);
    const file = chosen(mediaIn(folder), action.x);
    if (!file) return null;
    folder.write(file[0], file[1].content, world.timeline.now, 'in place');
    return `touches ${file[0]}`;
  },
  'delete file': (world, device, action) => {
    const file = chosen(mediaIn(device.photos), action.x);
    if (!file) return null;
    accountFor(world, device, device.photos.remove(file[0]));
    return `deletes ${file[0]} from the camera`;
  },
  'delete from folder': (world, device, action) => {
    if (!device.library) return null;
    const file = chosen(mediaIn(device.library), action.x);
    if (!file) return null;
    accountForDeletion(world, device, file[1]);
    accountForUnseen(world, device, file[1], 'deleted');
    device.deleted.push(file[1]);
    accountFor(world, device, device.library.remove(file[0]));
    return `deletes ${file[0]} from the library folder`;
  },
  'write slowly': (world, device, action) => {
    const { photos } = device;
    if (!photos.mounted) return null;
    const chance = world.chance();
    const content = photoOf({ kind: 'photo', capturedAt: null, contentIdentifier: null }, chance.bytes(chance.between(1, MOST_BYTES)));
    const name = freeName(photos, action.x);
    const first = content.slice(0, Math.max(1, content.length >> 1));
    photos.write(name, first, world.timeline.now);
    world.timeline.after(chance.between(10, 4_000), () => {
      // Only when its last byte is written is it a photo; whoever moved the half file has none.
      const half = photos.files.get(name);
      if (half?.content !== first) return;
      const before = { ...half };
      photos.write(name, content, world.timeline.now, 'in place');
      // Somebody may have copied the half, which is a photo to them, and deleted their copy.
      accountFor(world, device, before);
      world.model.take({ sha256: hashOf(content), bytes: content.length, library: device.account.libraryId, kind: 'photo', contentIdentifier: null });
    });
    return `writes ${name} slowly`;
  },
  'not a photo': (world, device, action) => {
    const folder = placeOf(device, action);
    if (!folder.mounted) return null;
    const name = freeName(folder, action.x, action.salt % 2 === 0 ? '.txt' : '.empty');
    folder.write(name, action.salt % 2 === 0 ? world.chance().bytes(20) : new Uint8Array(0), writtenAt(world));
    return `puts ${name} there, which is no photo`;
  },
};
