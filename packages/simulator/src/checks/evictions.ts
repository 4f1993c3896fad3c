import { KnownRequest, KnownResponse } from '@everroll/protocol';
import type { Call } from '@everroll/engine/http';
import type { Device } from '../device/device.ts';
import type { Folder, FolderFile } from '../folder/folder.ts';
import { hashOf } from '../world/hash.ts';
import type { World } from '../world/world.ts';
import { cursorOf } from './devices.ts';
import { accountForDisaster, isStored } from './server.ts';

/**
 * I6, by a model of its own: an original gives way only when the server has said, just now, in the epoch
 * in which the device lives and for that hash, that it holds it verified, and when what it said was
 * true: looked up in the server's rows and files at that moment, never asked of either program.
 */

/** An answer travels, and the disk takes a step or two: what happens to the server meanwhile nobody can know. */
const JUST_NOW_MS = 100;

interface Said {
  readonly at: number;
  readonly epoch: string;
  readonly isTrue: boolean;
  /** How often the server had gone back by then. */
  readonly rollbacks: number;
}

/** What the server has said of bytes that it read again, by `device/hash`. */
export class Confirmations {
  readonly #said = new Map<string, Said>();

  observe(world: World, device: Device, call: Call, body: string): void {
    const asked = KnownRequest.safeParse(call.json);
    const answer = KnownResponse.safeParse(JSON.parse(body));
    if (!asked.success || !answer.success || asked.data.verify !== true) return;
    for (const [at, sha256] of asked.data.hashes.entries()) {
      if (answer.data.standings[at] !== 'stored') continue;
      this.#said.set(`${device.name}/${sha256}`, { at: world.timeline.now, epoch: answer.data.epoch, isTrue: isStored(world, device.account.libraryId, sha256), rollbacks: world.model.rollbacks });
    }
  }

  judge(world: World, folder: Folder, path: string, file: FolderFile): void {
    const device = world.devices.find((one) => one.library === folder || (one.browser !== null && one.photos === folder));
    if (!device) return;
    const sha256 = hashOf(file.content);
    // What a person took off the list of a browser is theirs to take.
    if (device.browser && world.model.photo(device.account.libraryId, sha256)?.gone) return;
    world.struck(device.browser ? 'copy of a browser given up' : 'original evicted');
    const said = this.#said.get(`${device.name}/${sha256}`);
    const what = `the engine of ${device.name} evicted ${path} (${sha256.slice(0, 8)})`;
    if (!said || world.timeline.now - said.at > JUST_NOW_MS) world.fail('I6', `${what}, which the server ${said ? `confirmed ${world.timeline.now - said.at} ms ago` : 'never confirmed'}`);
    else if (!said.isTrue) world.fail('I6', `${what}; the server said that it holds it, and does not`);
    else if (said.epoch !== cursorOf(device)?.epoch) world.fail('I6', `${what}, confirmed in another epoch`);
    // Nobody can see that an operator put a backup back while the answer travelled. The file goes right after this.
    else if (said.rollbacks !== world.model.rollbacks) queueMicrotask(() => accountForDisaster(world, 'it was only on the server, which went back between its word and what was done on it'));
  }
}
