import { Stage } from './processes.ts';
import { ServerProcess } from './server.ts';
import { OpenWard } from './ward.ts';

/**
 * Wards for scenarios that run beside each other, each with a server and a device of its own. One
 * that ended green is used again, which saves a sign-in and a first sync; any other is thrown away.
 */
export class Wards {
  readonly #free: OpenWard[] = [];
  readonly #all = new Set<OpenWard>();
  #count = 0;

  async use<T>(isSpoilt: boolean, body: (ward: OpenWard) => Promise<T>): Promise<T> {
    const ward = this.#free.pop() ?? (await this.#open());
    let isGreen = false;
    try {
      const result = await body(ward);
      isGreen = !isSpoilt;
      return result;
    } finally {
      if (isGreen) this.#free.push(ward);
      else await this.#throwAway(ward);
    }
  }

  async close(): Promise<void> {
    for (const ward of this.#all) await this.#throwAway(ward);
  }

  async #open(): Promise<OpenWard> {
    const stage = await Stage.open();
    this.#count += 1;
    const ward = await OpenWard.open(stage, await ServerProcess.start(stage), `device-${this.#count}`);
    this.#all.add(ward);
    return ward;
  }

  async #throwAway(ward: OpenWard): Promise<void> {
    this.#all.delete(ward);
    await ward.close();
    await ward.server.stop();
    await ward.stage.close();
  }
}
