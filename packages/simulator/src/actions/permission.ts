import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';

/**
 * After every change of a person's settings: since when this device may not call the server. A pause
 * that ends by itself is judged by nobody: the device's clock decides, and it may step.
 */
export function noteSettings(world: World, device: Device): void {
  const forbidden = device.ask((engine) => {
    const { sync, pausedUntil } = engine.settings();
    return !engine.isSignedIn() || !sync || pausedUntil === Number.MAX_SAFE_INTEGER;
  });
  if (forbidden === undefined) return;
  if (!forbidden) device.forbiddenSince = null;
  else device.forbiddenSince ??= world.timeline.now;
}
