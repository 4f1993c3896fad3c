import { unknownConditions } from '@everroll/engine';
import { type DeviceSettings, defaultSettings } from '@everroll/protocol';
import { noteSettings } from '../actions/permission.ts';
import { answerGuard } from '../actions/settings.ts';
import { signInAgain } from '../actions/sign-in.ts';
import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';
import { checkDevices } from './devices.ts';
import { checkLiveness } from './liveness.ts';
import { notePolicy, settingsOf } from './policy.ts';
import { checkServer } from './server.ts';

/** After so many cycles without faults everything has come to rest, or says truly why not. */
const CYCLES = 8;
/** Longer than the longest back-off of a hold, an item or a source. */
const CYCLE_MS = 6 * 60_000;
/** So long may one cycle work, in virtual time. */
const CYCLE_MOST_MS = 20 * 60_000;

/** Faults end, causes are removed, and the invariants of liveness (I10 to I13) must come true. */
export async function settle(world: World): Promise<void> {
  world.note('world', '· faults end');
  await heal(world);
  // Two cycles in which nothing changed are rest: more of them would show nothing.
  let quiet = 0;
  for (let cycle = 0; cycle < CYCLES && quiet < 2; cycle += 1) {
    const before = { work: world.work, heads: heads(world) };
    await cycleOnce(world);
    let helped = false;
    for (const device of world.devices) helped = (await help(world, device, cycle)) || helped;
    quiet = helped || world.work !== before.work || heads(world) !== before.heads || world.devices.some(hasReasons) ? 0 : quiet + 1;
  }
  world.note('world', '· one more cycle');
  // By now every device has heard of whatever the server went through.
  world.model.unaware.clear();
  const before = { work: world.work, heads: heads(world) };
  await cycleOnce(world);
  checkLiveness(world, world.work - before.work, heads(world) === before.heads);
  world.check();
}

export async function cycleOnce(world: World): Promise<void> {
  await world.pass(CYCLE_MS);
  for (const device of world.devices) {
    device.start();
    device.sync();
  }
  await world.rest(CYCLE_MOST_MS);
  for (const device of world.devices) if (device.running) world.fail('I12', `${device.name} works for twenty minutes without coming to rest`);
  checkServer(world);
  checkDevices(world);
  world.check();
}

async function heal(world: World): Promise<void> {
  const { machine } = world;
  machine.disk.fullness = 'free';
  machine.slowDisk = false;
  machine.syncFailures = 0;
  machine.doom = null;
  world.processes = 1;
  await machine.restart(1);
  await world.pass(1_000);
  // Its owner asks for all originals to be read again; nobody waits 30 days for it here.
  void machine.process()?.scrub();
  await world.pass(5_000);
  machine.database.statement('UPDATE account SET plan_bytes = NULL').run();
  for (const device of world.devices) {
    device.doom = null;
    device.closing = null;
    device.link.heal();
    device.surroundings = unknownConditions;
    device.bringBack();
    device.clock.rate = 1;
    for (const folder of [device.photos, device.library]) {
      if (!folder) continue;
      folder.mounted = true;
      folder.full = false;
      folder.unreadable.clear();
    }
    device.isFull = false;
    // A person opens the page again.
    if (device.browser) device.kill(false);
    device.start();
    device.ask((engine) => engine.rescan());
    allowAll(world, device);
  }
  notePolicy(world);
}

/** A person sets back what differs, and nothing else: what they do not touch has to come right by itself. */
function allowAll(world: World, device: Device): void {
  const settings = settingsOf(device);
  const differing = Object.entries(defaultSettings).filter(([name, value]) => JSON.stringify(settings[name as keyof DeviceSettings]) !== JSON.stringify(value));
  if (differing.length > 0) device.ask((engine) => engine.set(Object.fromEntries(differing)));
  noteSettings(world, device);
}

/** What a person does about the reasons that they are shown: each fix that the table of reasons names. */
async function help(world: World, device: Device, cycle: number): Promise<boolean> {
  const status = device.ask((engine) => engine.status());
  if (!status) return false;
  const codes = new Set(status.reasons.map((reason) => reason.code));
  // What was set for it elsewhere it may hear of only now.
  allowAll(world, device);
  if (codes.has('signed_out') || codes.has('session_revoked')) await signInAgain(world, device, false);
  if (codes.has('duplicate_device_identity')) await signInAgain(world, device, true);
  if (codes.has('mass_deletion_guard') && cycle >= 1) answerGuard(world, device, world.chance().chance(0.5));
  if (codes.has('repeatedly_failing') && cycle >= 2) device.ask((engine) => engine.retry());
  return codes.size > 0;
}

function hasReasons(device: Device): boolean {
  return device.ask((engine) => engine.status().reasons.some((reason) => reason.class !== 'excluded')) ?? true;
}

function heads(world: World): string {
  return JSON.stringify(world.machine.database.rows('SELECT id, epoch, head FROM library ORDER BY id'));
}
