import type { LibraryId } from '@everroll/protocol';
import { previewAnswer } from './previews.ts';
import { processDisk } from '../disk/process-disk.ts';
import { Died, Life } from '../world/died.ts';
import { type App, askForAll, beginIncarnation, createServer, inProcessEvents, LocalDiskStore, openUploadDesk, type OriginalStore, runHousekeeping, scrubNext, type Services, type UploadDesk } from './code.ts';
import type { ServerMachine } from './machine.ts';

/** Below it lie the originals. */
const DATA = '/data';

/**
 * One process of the real server. Building its routes takes longer than a whole run, so the object is
 * used again: `start` gives it all that a new process has (its memory is the upload desk and the
 * store), and nothing of an earlier one is left, since whatever that waited for ended in `Died`.
 */
export class ServerProcess {
  readonly services: Services;
  readonly app: App;
  readonly #desk: UploadDesk;
  readonly #machine: ServerMachine;
  #life = new Life();
  #listens = false;
  #store: OriginalStore;
  /** Requests and sweeps under way. */
  #working = 0;

  constructor(machine: ServerMachine) {
    this.#machine = machine;
    this.#life.end();
    this.#store = this.#newStore();
    this.services = {
      db: machine.database.connect(this.#user),
      clock: { now: () => machine.clock() },
      random: { id: () => machine.chance.hex(32), token: () => machine.chance.hex(64) },
      timers: { every: () => () => undefined },
      log: { info: () => undefined, warn: () => undefined, error: (message, fields) => machine.logged(message, fields ?? {}) },
      events: inProcessEvents(),
      passwords: { hash: async (password) => password, verify: async (password, hash) => password === hash },
      originals: new Proxy({} as OriginalStore, {
        get: (_target, name) => (...parameters: unknown[]) => (this.#store[name as keyof OriginalStore] as (...of: unknown[]) => unknown)(...parameters),
      }),
      renditions: null,
      config: { dataFolder: DATA, trustProxy: false, setupCode: null },
    };
    const { app, uploads } = createServer(this.services);
    this.app = app;
    this.#desk = uploads;
  }

  /** Whether it answers. */
  get runs(): boolean {
    return this.#life.alive && this.#listens;
  }

  /** Nothing of a killed process is under way any more. */
  get isQuiet(): boolean {
    return this.#working === 0;
  }

  start(): void {
    this.#life = new Life();
    this.#store = this.#newStore();
    Object.assign(this.#desk, openUploadDesk(this.services));
    this.#listens = false;
    void this.#begin();
  }

  /** What the program does between its start and its first answer. */
  async #begin(): Promise<void> {
    try {
      await this.#doing(() => beginIncarnation(this.services.db, this.services.random));
      this.#listens = true;
      await this.housekeep();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }

  /** The process is gone at once: no line of it runs on. */
  kill(): void {
    this.#life.end();
    this.#machine.database.rollBack(this.#user);
  }

  /** What the process does each hour and each day. */
  async housekeep(): Promise<void> {
    await this.#doing(() => runHousekeeping(this.services, this.#desk, this.services.clock.now()));
  }

  /** What it does all the time, as its owner asks for it: every original is read again, now. */
  async scrub(): Promise<void> {
    const { services } = this;
    try {
      await this.#doing(async () => {
        const askedAt = await askForAll(services);
        while ((await scrubNext(this.#desk, { now: services.clock.now(), askedAt })) !== null);
      });
    } catch (error) {
      // As the program does, which tries again later.
      services.log.error('originals could not be read again', { error: String(error) });
    }
  }

  /** @throws Died where the process ends before it has answered. */
  async answer(request: Request): Promise<Response> {
    this.#life.check();
    const life = this.#life;
    const response = await this.#doing(async () => previewAnswer(this.#machine, request) ?? (await this.app.fetch(request)));
    life.check();
    return response;
  }

  /** Ends in `Died` with the process, for whoever holds a connection to it. */
  async during<T>(work: Promise<T>): Promise<T> {
    return await this.#life.during(work);
  }

  async #doing<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
    }
  }

  readonly #user = { statement: (sql: string): void => this.#statement(sql) };

  #statement(sql: string): void {
    this.#life.check();
    if (this.#machine.dies('statement', sql)) this.#life.check();
  }

  #newStore(): OriginalStore {
    const machine = this.#machine;
    const disk = processDisk(() => machine.disk, {
      operation: async (name, halfDone) => {
        this.#life.check();
        if (machine.dies('disk', name, halfDone)) this.#life.check();
        await this.#life.during(machine.timeline.sleep(machine.diskLatency()));
      },
      syncFails: () => machine.syncFails(),
      failSync: (file) => machine.disk.failSync(file, machine.chance),
    });
    return new LocalDiskStore(disk, DATA, machine.nextWriter());
  }
}

export function originalPath(sha256: string): string {
  return `${DATA}/originals/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
}

export const SET_ASIDE = `${DATA}/set-aside`;

export interface LibraryRow {
  readonly id: LibraryId;
  readonly epoch: string;
  readonly head: number;
}
