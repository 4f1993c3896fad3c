import { MutationsRequest, MutationsResponse } from '@everroll/protocol';
import type { Call } from '@everroll/engine/http';
import type { Device } from '../device/device.ts';
import type { Folder, FolderFile } from '../folder/folder.ts';
import { photoKey } from '../model/model.ts';
import { isOfDevices } from '../network/of-devices.ts';
import { previewOf } from '../folder/preview-file.ts';
import { hashOf } from '../world/hash.ts';
import type { World } from '../world/world.ts';
import { settingsOf } from './policy.ts';

/** An effect that was begun before may end; what begins so long after a person forbade it does not. */
const GRACE_MS = 10_000;

/** As it lies on the device's disk. */
function isForbidden(device: Device): boolean {
  const { sync, pausedUntil } = settingsOf(device);
  return !sync || pausedUntil === Number.MAX_SAFE_INTEGER || device.database.rows("SELECT 1 FROM meta WHERE key = 'signedIn' AND value = 'true'").length === 0;
}

/** I7: no byte moves against a person's settings. */
export function judgeCall(world: World, device: Device, call: Call): void {
  // Somebody may have allowed it from elsewhere: what is judged is what the device has heard.
  if (!isForbidden(device)) {
    device.forbiddenSince = null;
    return;
  }
  // By these a device hears that it is switched on again.
  if (device.engine?.isSignedIn() && isOfDevices(call)) return;
  const { forbiddenSince } = device;
  if (forbiddenSince === null || world.timeline.now - forbiddenSince <= GRACE_MS) return;
  world.fail('I7', `${device.name} calls the server ${world.timeline.now - forbiddenSince} ms after it was told not to`);
}

/** Offers of photos whose bytes nobody has, made once more in their time: they change nothing, and are no unrest (I13). */
export function isVain(json: unknown, body: string): boolean {
  const request = MutationsRequest.safeParse(json);
  const response = MutationsResponse.safeParse(JSON.parse(body));
  if (!request.success || !response.success || request.data.mutations.length === 0 || request.data.mutations.some(({ operation }) => operation.op !== 'offer')) return false;
  return response.data.results.every((result) => result.outcome === 'rejected' && result.code === 'resource_missing');
}

/** I1 and I6: the engine takes a file from a person's folder only if a person deleted that photo. */
export function judgeRemoval(world: World, folder: Folder, path: string, file: FolderFile): void {
  const device = world.devices.find((one) => one.library === folder);
  if (!device) return;
  // A picture that stood for an original is Everroll's own.
  if (previewOf(file.content) !== null) return;
  const sha256 = hashOf(file.content);
  const library = device.account.libraryId;
  if (world.model.deletedBytes.has(photoKey(library, sha256))) return;
  // The parts of one shot (an edit, a sidecar, a RAW) go with the one that a person deleted.
  const shot = world.model.photo(library, sha256)?.shot ?? null;
  if (shot !== null && world.model.photos.values().some((one) => one.shot === shot && world.model.deletedBytes.has(photoKey(library, one.sha256)))) return;
  // Half of a Live Photo that was added alone goes where the whole comes.
  if (world.model.photo(library, sha256)?.contentIdentifier) return;
  world.fail('I1', `the engine of ${device.name} removed ${path} (${sha256.slice(0, 8)}), which nobody deleted`);
}

/**
 * I5, seen on the wire: one mutation has one result, however often it is sent. What a server decided that
 * went back to an older state since, it has forgotten: until it notices, it decides anew in the same epoch.
 */
export class Results {
  readonly #known = new Map<string, string>();
  /** Operations that the server was seen to decide, by their text. */
  readonly decided = new Map<string, 'applied' | 'rejected'>();
  /** Changes of people that were refused: they have to be told. */
  readonly refused: { readonly device: Device; readonly operation: string }[] = [];

  observe(world: World, device: Device, json: unknown, body: string): void {
    const request = MutationsRequest.safeParse(json);
    const response = MutationsResponse.safeParse(JSON.parse(body));
    if (!request.success || !response.success) return;
    for (const result of response.data.results) {
      const key = `${response.data.epoch}/${world.model.rollbacks}/${result.id}`;
      const text = result.outcome === 'applied' ? `applied at ${result.seq}` : `rejected ${result.code}`;
      const before = this.#known.get(key);
      if (before !== undefined && before !== text) world.fail('I5', `mutation ${result.number} of ${device.name} was ${before} and then ${text}`);
      this.#known.set(key, text);
      const mutation = request.data.mutations.find((one) => one.number === result.number && one.id === result.id);
      if (!mutation) continue;
      world.note('server', `${device.name} #${result.number} ${mutation.operation.op} ${text}`);
      const operation = JSON.stringify(mutation.operation);
      this.decided.set(operation, result.outcome);
      if (result.outcome === 'rejected' && mutation.operation.op !== 'asset.add' && mutation.operation.op !== 'offer') this.refused.push({ device, operation });
    }
  }
}
