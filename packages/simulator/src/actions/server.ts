import { epochOf } from '../checks/devices.ts';
import { accountForDisaster } from '../checks/server.ts';
import { beginEpoch } from '../server/code.ts';
import { originalPath } from '../server/process.ts';
import type { World } from '../world/world.ts';
import { drained } from '../world/timeline.ts';
import { chosen, type Handlers } from './handler.ts';

const DAY_MS = 86_400_000;
const CLOCKS = [0, 3 * 3_600_000, -3 * 3_600_000, DAY_MS];

/** The server comes back, whatever it was killed by. */
export async function restartServer(world: World): Promise<void> {
  await world.machine.restart(world.processes);
}

export const serverHandlers: Handlers = {
  'restart server': async (world) => {
    world.struck('server restarted');
    await restartServer(world);
    return 'is started again';
  },
  'kill server': (world) => {
    world.struck('server killed');
    world.machine.kill();
    world.timeline.after(world.chance().between(50, 8_000), () => void restartServer(world));
    return 'was killed';
  },
  'stop server': (world) => {
    world.struck('server down');
    world.machine.kill();
    world.timeline.after(world.chance().between(5_000, 200_000), () => void restartServer(world));
    return 'is down for a while';
  },
  'power cut server': (world) => {
    world.struck('server power cut');
    world.machine.powerCut();
    world.timeline.after(world.chance().between(50, 8_000), () => void restartServer(world));
    return 'lost its power';
  },
  'doom server statement': (world, _device, action) => doom(world, 'statement', action.x % 120, action.y),
  'doom server disk': (world, _device, action) => doom(world, 'disk', action.x % 40, action.y),
  'back up server': (world) => {
    world.backups.push(world.machine.backup());
    return 'is backed up';
  },
  'restore server': async (world, _device, action) => {
    const backup = chosen(world.backups, action.x);
    if (!backup) return null;
    const withOriginals = action.y % 2 === 0;
    world.struck('server restored from a backup');
    world.model.rollbacks += 1;
    world.machine.kill();
    await world.machine.restart(0);
    world.machine.restore(backup, withOriginals);
    world.operations.forget();
    world.machine.start(world.processes);
    await drained();
    // The command that restores begins a new epoch (rule C3). Who copies files back by hand does not: then
    // the server has to notice by what the devices show.
    const byCommand = action.salt % 2 === 0;
    const process = world.machine.process();
    if (process && byCommand) {
      const { services } = process;
      await services.db.transaction().execute(async (trx) => {
        for (const account of world.accounts) await beginEpoch(trx, services.random, account.libraryId, services.clock.now());
      });
    }
    if (!byCommand) for (const one of world.devices) world.model.unaware.set(one.name, epochOf(world, one));
    for (const row of world.machine.database.rows('SELECT sha256 FROM resource')) {
      const sha256 = String(row['sha256']);
      if (!world.machine.originalOf(sha256)) world.model.unmatched.add(sha256);
      // What was mended since the backup was made is as rotten again as it was then.
      else if (!world.machine.holds(sha256)) world.model.rotten.add(sha256);
    }
    // A plan that was exceeded when the backup was made is exceeded again.
    for (const row of world.machine.database.rows('SELECT id, used_bytes + reserved_bytes AS sum FROM account')) world.model.overfull.set(String(row['id']), Number(row['sum']));
    accountForDisaster(world, 'it was only on the server, which went back to an older backup');
    return `is restored from a backup ${withOriginals ? 'with' : 'without'} its originals, ${byCommand ? 'by the command' : 'by hand'}`;
  },
  'housekeeping': (world) => {
    for (const process of world.machine.processes) {
      if (process.runs) void process.housekeep().then(async () => await process.scrub());
    }
    return 'keeps house';
  },
  'second process': async (world) => {
    world.processes = world.processes === 1 ? 2 : 1;
    world.struck('two server processes');
    if (world.processes === 2) world.machine.start(2);
    else await restartServer(world);
    return `runs ${world.processes} processes`;
  },
  'server disk full': (world, _device, action) => {
    const { disk } = world.machine;
    disk.fullness = disk.fullness === 'free' ? (action.x % 2 === 0 ? 'reserve' : 'hard') : 'free';
    if (disk.fullness !== 'free') world.struck('server disk full');
    return `has a disk that is ${disk.fullness}`;
  },
  'server sync fails': (world, _device, action) => {
    world.machine.syncFailures = 1 + (action.x % 2);
    return 'will fail to sync a file';
  },
  'slow disk': (world) => {
    world.machine.slowDisk = !world.machine.slowDisk;
    if (world.machine.slowDisk) world.struck('server disk slow');
    return world.machine.slowDisk ? 'has a slow disk' : 'has a quick disk again';
  },
  'server clock': (world, _device, action) => {
    world.struck('server clock');
    world.machine.clockOffset = CLOCKS[action.x % CLOCKS.length] ?? 0;
    return `has its clock ${world.machine.clockOffset} ms off`;
  },
  'bit rot': (world, _device, action) => {
    const stored = world.machine.database.rows('SELECT library_id, sha256 FROM resource ORDER BY sha256');
    const row = chosen(stored, action.x);
    if (!row) return null;
    const sha256 = String(row['sha256']);
    const file = world.machine.disk.tree.find(originalPath(sha256));
    if (file?.kind !== 'file' || file.content.length === 0) return null;
    world.struck('bit rot');
    const rotten = file.content.slice();
    const at = action.y % rotten.length;
    rotten[at] = (rotten[at] ?? 0) ^ 1;
    file.content = file.durable = rotten;
    world.model.rotten.add(sha256);
    return `loses a bit of ${sha256.slice(0, 8)}`;
  },
};

function doom(world: World, kind: 'statement' | 'disk', left: number, y: number): string {
  world.machine.doom = { kind, left: left + 1, powerCut: y % 2 === 0 };
  // If nothing comes that far, it is killed all the same.
  const doomed = world.machine.doom;
  world.timeline.after(20_000, () => {
    if (world.machine.doom === doomed) world.machine.kill();
    void restartServer(world);
  });
  return `will be killed at ${kind} ${left + 1}`;
}
