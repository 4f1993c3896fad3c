import { noteSettings } from './permission.ts';
import { signInAgain } from './sign-in.ts';
import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';
import type { Handlers } from './handler.ts';

const PLANS: readonly (number | null)[] = [null, 5_000, 1_500, 600];

export const settingHandlers: Handlers = {
  'sync switch': (world, device) => {
    const on = device.ask((engine) => {
      engine.set({ sync: !engine.settings().sync });
      return engine.settings().sync;
    });
    noteSettings(world, device);
    return on === undefined ? null : `switches sync ${on ? 'on' : 'off'}`;
  },
  'pause': (world, device, action) => {
    const paused = device.ask((engine) => {
      if (engine.settings().pausedUntil !== null) engine.resume();
      else engine.pause(action.x % 2 === 0 ? null : device.clock.now() + 60_000);
      return engine.settings().pausedUntil !== null;
    });
    noteSettings(world, device);
    return paused === undefined ? null : paused ? 'pauses' : 'resumes';
  },
  'sign out': async (world, device) => {
    const isSignedIn = device.ask((engine) => engine.isSignedIn());
    if (isSignedIn === undefined) return null;
    if (!isSignedIn) return (await signInAgain(world, device, false)) ? 'signs in' : null;
    device.ask((engine) => engine.signOut());
    device.credentials.token = null;
    noteSettings(world, device);
    return 'signs out';
  },
  'retry': (_world, device) => {
    device.ask((engine) => engine.retry());
    return 'asks to try again now';
  },
  'answer guard': (world, device, action) => {
    const asked = device.ask((engine) => engine.status().reasons.some((reason) => reason.code === 'mass_deletion_guard'));
    if (!asked) return null;
    return answerGuard(world, device, action.x % 2 === 0);
  },
  'change plan': (world, device, action) => {
    const plan = PLANS[action.x % PLANS.length] ?? null;
    const { database } = world.machine;
    database.statement('UPDATE account SET plan_bytes = ? WHERE id = ?').run(plan, device.account.id);
    const [row] = database.rows('SELECT used_bytes + reserved_bytes AS sum FROM account WHERE id = ?', device.account.id);
    world.model.overfull.set(device.account.id, Number(row?.['sum']));
    return `has a plan of ${plan ?? 'any number of'} bytes`;
  },
};

/** A person says that they deleted the files, or that they did not. */
export function answerGuard(world: World, device: Device, deleted: boolean): string {
  if (deleted) {
    const missing = device.database.rows("SELECT sha256, asset_id FROM item WHERE stage = 'missing'");
    for (const row of missing) {
      world.model.trash(device.account.libraryId, String(row['asset_id']) as Parameters<typeof world.model.trash>[1], [String(row['sha256'])], world.machine.clock());
    }
    device.ask((engine) => engine.confirmRemovals());
    return 'says that they deleted them';
  }
  device.ask((engine) => engine.restoreRemoved());
  return 'says that they did not delete them';
}
