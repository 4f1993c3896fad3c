import type { Device } from '../device/device.ts';
import { setUp, type World } from '../world/world.ts';
import { accountForUnseen } from './files.ts';
import { noteSettings } from './permission.ts';
import { chosen, type Handlers } from './handler.ts';

const YEAR_MS = 365 * 86_400_000;

/** Paths of the library folder that a device's database knows as photos. */
const knownPaths = (device: Device): string[] =>
  device.database.rows('SELECT local_id FROM item JOIN source ON source.id = item.source_id WHERE location = ? AND sha256 IS NOT NULL', device.library?.location ?? '').map((row) => String(row['local_id']));

function forget(world: World, device: Device): void {
  world.model.forgetful.add(device.name);
}

export const deviceHandlers: Handlers = {
  'restart device': (_world, device) => {
    device.kill(false);
    device.start();
    device.sync();
    return 'is started again';
  },
  'kill device': (world, device) => {
    if (!device.isOn) return null;
    world.struck('device killed');
    device.kill(false);
    return 'was killed';
  },
  'power cut device': (world, device) => {
    if (!device.isOn) return null;
    world.struck('device power cut');
    device.kill(true);
    return 'lost its power';
  },
  'doom device': (_world, device, action) => {
    device.doom = 1 + (action.x % 40);
    device.sync();
    return `will be killed at commit ${device.doom}`;
  },
  'back up device': (_world, device) => {
    device.backup = device.database.dump();
    return 'is backed up';
  },
  'restore device': (world, device) => {
    if (!device.backup) return null;
    world.struck('device restored from a backup');
    device.kill(false);
    device.database.restore(device.backup);
    world.operations.replaced(device);
    // It may know a file that is gone by the bytes that were written over before.
    for (const file of device.deleted) accountForUnseen(world, device, file, 'deleted');
    // What the guard had asked is forgotten. Where something stands again at one of the paths that are known now, or only one is known, nobody can tell that the others did not go one by one.
    const known = knownPaths(device);
    if (known.length < 2 || known.some((path) => device.library?.isTaken(path) !== undefined)) device.bringBack();
    forget(world, device);
    device.start();
    // With the database went what the person had set since.
    device.forbiddenSince = null;
    noteSettings(world, device);
    device.sync();
    return 'is restored from its backup';
  },
  'reinstall device': async (world, device) => {
    if (!world.machine.process()) return null;
    world.struck('device reinstalled');
    device.kill(false);
    device.database.clear();
    device.backup = null;
    forget(world, device);
    await beginAnew(world, device);
    return 'is installed anew';
  },
  'clone device': async (world, device) => {
    if (world.devices.length >= 5 || !world.machine.process()) return null;
    world.struck('device cloned');
    const name = `${device.name}copy`;
    if (world.devices.some((one) => one.name === name)) return null;
    const clone = await world.addDevice(name, device.account, { hasLibraryFolder: device.library !== null, foldsNames: false, columns: device.columns, isBrowser: false });
    // A disk image brought to another machine: the same database and the same token, other folders.
    clone.kill(false);
    clone.database.restore(device.database.dump());
    world.operations.replaced(clone);
    clone.database.statement('UPDATE source SET location = replace(location, ?, ?)').run(`/${device.name}/`, `/${name}/`);
    for (const [from, to] of [[device.photos, clone.photos], [device.library, clone.library]] as const) {
      if (!from || !to) continue;
      for (const [path, file] of from.files) to.files.set(path, file);
      for (const [hash, content] of from.staged) to.staged.set(hash, content);
    }
    clone.credentials = { ...device.credentials };
    clone.clock.offset = device.clock.offset;
    clone.clock.rate = device.clock.rate;
    forget(world, device);
    forget(world, clone);
    const unaware = world.model.unaware.get(device.name);
    if (unaware !== undefined) world.model.unaware.set(name, unaware);
    clone.start();
    noteSettings(world, clone);
    clone.sync();
    return `is copied to ${name}`;
  },
  'revoke session': (world, device) => {
    world.struck('session revoked');
    world.machine.database.statement('DELETE FROM session WHERE device_id = ?').run(device.credentials.deviceId);
    return 'has its session revoked';
  },
  'set clock': (world, device, action) => {
    world.struck('device clock');
    device.followed.countLost = true;
    device.clock.offset = [0, YEAR_MS, -YEAR_MS, 90_000, -90_000][action.x % 5] ?? 0;
    device.clock.rate = [1, 1.01, 0.99, 1][action.y % 4] ?? 1;
    return `has its clock set ${device.clock.offset} ms off, rate ${device.clock.rate}`;
  },
  'unmount': (world, device, action) => {
    const folder = device.library && action.y % 2 === 1 ? device.library : device.photos;
    folder.mounted = !folder.mounted;
    if (!folder.mounted) world.struck('folder unmounted');
    return `${folder.location} is ${folder.mounted ? 'mounted' : 'unmounted'}`;
  },
  'empty source': (world, device, action) => {
    // The files are elsewhere for a while, and the folder looks as if it had never had any.
    const folder = device.library && action.y % 2 === 1 ? device.library : device.photos;
    if (folder.files.size < 2 || !folder.mounted) return null;
    // Of one known file alone nobody can tell whether a person deleted it.
    if (folder === device.library && knownPaths(device).length < 2) return null;
    world.struck('folder emptied');
    for (const [path, file] of folder.files) device.aside.push({ folder, path, file });
    folder.files.clear();
    world.timeline.after(world.chance().between(5_000, 120_000), () => device.bringBack());
    return `has all of ${folder.location} moved away for a while`;
  },
  'unreadable': (world, device, action) => {
    const folder = device.library && action.y % 2 === 1 ? device.library : device.photos;
    const path = chosen([...folder.files.keys()], action.x);
    if (folder.unreadable.size > 0) {
      folder.unreadable.clear();
      return `${folder.location} can be read again`;
    }
    if (path === undefined) return null;
    world.struck('file unreadable');
    const parent = path.includes('/') && action.salt % 2 === 0 ? path.slice(0, path.indexOf('/')) : path;
    folder.unreadable.add(parent);
    return `${folder.location}/${parent} cannot be read`;
  },
  'device full': (world, device) => {
    if (!device.library) return null;
    device.library.full = !device.library.full;
    if (device.library.full) world.struck('device full');
    return device.library.full ? 'has a full disk' : 'has room again';
  },
};

/** A device whose storage is empty signs in, where it can, and starts from nothing. */
export async function beginAnew(world: World, device: Device): Promise<void> {
  world.operations.emptied(device);
  try {
    device.credentials = await world.signedIn(device.account, device.name);
  } catch {
    device.credentials = { ...device.credentials, token: null };
  }
  device.forbiddenSince = null;
  device.start();
  setUp(device);
  device.sync();
}
