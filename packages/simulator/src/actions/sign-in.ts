import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';
import { noteSettings } from './permission.ts';

/** A person signs the device in. With `asAnother` the server gives it an identity of its own. */
export async function signInAgain(world: World, device: Device, asAnother: boolean): Promise<boolean> {
  if (!world.machine.process() || !device.isOn) return false;
  try {
    device.credentials = await world.signedIn(device.account, device.name, asAnother ? undefined : device.credentials);
  } catch {
    // The server went down meanwhile: the person tries again another time.
    return false;
  }
  device.ask((engine) => engine.signIn(device.identity()));
  noteSettings(world, device);
  return true;
}
