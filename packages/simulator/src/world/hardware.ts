import { DeviceDatabase } from '../device/database.ts';
import { ServerMachine } from '../server/machine.ts';

/**
 * What is slow to make and is used for one run after another: the server's routes and the open
 * databases. Their content is removed before each run.
 */
export class Hardware {
  readonly machine: ServerMachine;
  readonly #databases: DeviceDatabase[] = [];
  #used = 0;

  private constructor(machine: ServerMachine) {
    this.machine = machine;
  }

  static async make(): Promise<Hardware> {
    return new Hardware(await ServerMachine.make());
  }

  reset(): void {
    this.#used = 0;
  }

  database(): DeviceDatabase {
    const database = this.#databases[this.#used] ?? new DeviceDatabase();
    this.#databases[this.#used] = database;
    this.#used += 1;
    database.clear();
    return database;
  }
}
