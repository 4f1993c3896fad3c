import { type Conditions, DriverFull, unknownConditions, type Engine, type Identity, type LibraryFolder, openEngine, type Ports, type Source } from '@everroll/engine';
import { httpServerClient } from '@everroll/engine/http';
import type { AccountId, DeviceId, LibraryId } from '@everroll/protocol';
import type { Columns } from '../actions/action.ts';
import { Followed } from '../checks/policy.ts';
import { Folder, type FolderFile } from '../folder/folder.ts';
import { type FolderWatcher, libraryFolder } from '../folder/library-folder.ts';
import { folderSource } from '../folder/source.ts';
import { simulatedConnection, type WireWatcher } from '../network/connection.ts';
import { Link } from '../network/link.ts';
import type { ServerMachine } from '../server/machine.ts';
import { Life } from '../world/died.ts';
import type { Prng } from '../world/prng.ts';
import type { Timeline } from '../world/timeline.ts';
import type { Trace } from '../world/trace.ts';
import { BrowserStorage, Page } from './browser.ts';
import { DeviceClock } from './clock.ts';
import type { DeviceDatabase, DeviceDump } from './database.ts';

/** Short, as virtual time is spent in steps of a second at most while a run waits. */
export const TIMING = { settleMs: 1_000, patienceMs: 1_500 } as const;

export interface Account {
  readonly id: AccountId;
  readonly email: string;
  readonly libraryId: LibraryId;
}

export interface Credentials {
  readonly deviceId: DeviceId;
  token: string | null;
}

export interface DeviceWorld {
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly machine: ServerMachine;
  readonly pageLimit: number;
  chance(): Prng;
  chanceBeside(): Prng;
  struck(kind: string): void;
}

/** Told of what the engine of a device does; the model judges it. */
export interface DeviceWatcher extends FolderWatcher {
  wire(device: Device): WireWatcher;
  /** Its process committed what may have changed the rows that it shows. */
  committed(device: Device): void;
  /** The engine threw: expected faults are values, so this is a defect. */
  threw(device: Device, error: unknown): void;
}

/** One installation: its database and disks, which stay, and the process that runs on them, which does not. */
export class Device {
  readonly name: string;
  readonly account: Account;
  readonly database: DeviceDatabase;
  readonly link = new Link();
  readonly clock: DeviceClock;
  /** Where photos are taken. */
  readonly photos: Folder;
  /** The two-way library folder; null: this device is a source only. */
  readonly library: Folder | null;
  credentials: Credentials;
  engine: Engine | null = null;
  backup: DeviceDump | null = null;
  /** Commits until the process is killed; null: it is not. */
  doom: number | null = null;
  running: Promise<void> | null = null;
  /** When a person last forbade the device to work, and since when it may not. */
  forbiddenSince: number | null = null;
  /** What the system tells of network and power. */
  surroundings: Conditions = unknownConditions;
  readonly followed = new Followed();
  /** What it keeps beside its database; null: it is no browser. */
  readonly browser: BrowserStorage | null;
  /** The open page of a browser. */
  page: Page | null = null;
  /** Steps at its stored copies, or removals of one, until the page is closed; null: it is not. */
  closing: { left: number; readonly atRemoval: boolean } | null = null;
  /** Its storage has no room for another commit. */
  isFull = false;
  /** How it takes snapshots; null: as JSON. */
  readonly columns: Columns | null;
  /** Works whenever something happens to it. */
  watches = false;
  runBegan = 0;
  /** Photos that were moved away and will come back. */
  readonly aside: { readonly folder: Folder; readonly path: string; readonly file: FolderFile }[] = [];
  /** Files that a person deleted from its library folder: what a database of an earlier day makes of them shows when that comes back. */
  readonly deleted: FolderFile[] = [];
  #life = new Life();
  #stop = new AbortController();
  readonly #world: DeviceWorld;
  readonly #watcher: DeviceWatcher;

  constructor(world: DeviceWorld, watcher: DeviceWatcher, of: { name: string; account: Account; credentials: Credentials; database: DeviceDatabase; hasLibraryFolder: boolean; columns: Columns | null; isBrowser: boolean }) {
    this.#world = world;
    this.#watcher = watcher;
    this.name = of.name;
    this.account = of.account;
    this.credentials = of.credentials;
    this.database = of.database;
    this.clock = new DeviceClock(() => world.timeline.now);
    this.photos = new Folder(`/${of.name}/photos`);
    this.columns = of.columns;
    this.browser = of.isBrowser ? new BrowserStorage(this.photos) : null;
    this.library = of.hasLibraryFolder ? new Folder(`/${of.name}/library`) : null;
    if (this.library) this.library.marked = true;
  }

  get lives(): boolean {
    return this.#life.alive;
  }

  get isOn(): boolean {
    return this.engine !== null;
  }

  start(): void {
    if (this.engine) return;
    const life = new Life();
    this.#life = life;
    this.#stop = new AbortController();
    const { timeline } = this.#world;
    const user = { wait: () => life.during(timeline.sleep(this.#world.chance().below(4))) };
    const sources = new Map<string, Source>();
    const folders = new Map<string, LibraryFolder>();
    const known = <T>(map: Map<string, T>, location: string, make: (folder: Folder) => T): T => {
      const made = map.get(location) ?? make(this.folderAt(location));
      map.set(location, made);
      return made;
    };
    const connection = simulatedConnection({
      machine: this.#world.machine,
      timeline,
      link: this.link,
      watcher: this.#watcher.wire(this),
      chance: () => this.#world.chance(),
      chanceBeside: () => this.#world.chanceBeside(),
      token: () => this.credentials.token,
      pageLimit: this.#world.pageLimit,
      columns: this.columns,
    });
    const driver = this.database.open({ check: () => life.check(), commits: () => this.#commits(life), needsRoom: () => this.#needsRoom(), committed: () => this.#watcher.committed(this) });
    const store = this.browser?.openedBy(life, { wait: user.wait, step: (isRemoval) => this.#stepsOfPage(life, isRemoval), removed: (path, file) => this.#watcher.evicted(this.photos, path, file) });
    const staged = store && Page.source(driver, store);
    const ports: Ports = {
      driver,
      server: httpServerClient(connection),
      clock: { now: () => this.clock.nowAtWork(), sleep: (ms, signal) => sleep(timeline, ms, signal) },
      random: { id: () => this.#world.chance().hex(32), fraction: () => this.#world.chance().fraction() },
      openSource: ({ location }) => staged ?? known(sources, location, (folder) => folderSource(folder, user)),
      openFolder: ({ location }) => known(folders, location, (folder) => libraryFolder(folder, user, this.#watcher)),
      conditions: (): Conditions => ({ ...this.surroundings, online: this.link.up ? null : false }),
    };
    const opened = this.#openedWithRoom(() => openEngine(ports, TIMING));
    if (!opened) return;
    if (!opened.ok) throw new Error(opened.failure.code);
    this.engine = opened.value;
    if (store) {
      this.page = this.#openedWithRoom(() => new Page({ engine: opened.value, ports, store, signal: this.#stop.signal, life, threw: (error) => this.#watcher.threw(this, error) })) ?? null;
      this.page?.begin();
    }
  }

  /** A program that finds no room when it starts says so, and is started again another time. */
  #openedWithRoom<T>(open: () => T): T | undefined {
    try {
      return open();
    } catch (error) {
      if (error instanceof DriverFull) return undefined;
      throw error;
    }
  }

  #stepsOfPage(life: Life, isRemoval: boolean): void {
    life.check();
    if (this.closing === null || (this.closing.atRemoval && !isRemoval)) return;
    this.closing.left -= 1;
    if (this.closing.left > 0) return;
    this.#world.struck('page closed at its storage');
    this.#endSoon(life);
  }

  /** The process is dead from here on; what is open in its database is rolled back when nothing of it is under way. */
  #endSoon(life: Life): void {
    this.doom = null;
    this.closing = null;
    life.end();
    this.#world.timeline.after(0, () => {
      if (this.#life === life) this.kill(false);
    });
  }

  #needsRoom(): void {
    if (this.isFull) throw new DriverFull('the quota of this site is used up');
  }

  /** Begins to work until nothing is left; a second call while it works changes nothing. */
  sync(): void {
    const { engine } = this;
    if (!engine || this.running) return;
    const life = this.#life;
    this.runBegan = this.#world.timeline.now;
    const run = engine
      .run({ until: 'idle', signal: this.#stop.signal, ...(this.page && { onStep: () => this.page?.sweep() }) })
      .catch((error: unknown) => {
        // Nothing was lost, and it goes on when there is room.
        if (life.alive && !(error instanceof DriverFull)) this.#watcher.threw(this, error);
      })
      .finally(() => {
        if (this.running === run) this.running = null;
        if (life.alive) this.page?.sweep();
      });
    this.running = run;
  }

  /** A person asks something of the engine; a process that is killed meanwhile answers nothing. */
  ask<T>(question: (engine: Engine) => T): T | undefined {
    if (!this.engine) return undefined;
    const life = this.#life;
    try {
      return question(this.engine);
    } catch (error) {
      // Without room nothing that a person does is kept, and they see it.
      if (life.alive && !(error instanceof DriverFull)) this.#watcher.threw(this, error);
      return undefined;
    }
  }

  /** The process is gone; with the power, what was not synced to the disk may be too. */
  kill(powerCut: boolean): void {
    this.followed.countLost = true;
    this.#life.end();
    this.#stop.abort();
    this.engine = null;
    this.page = null;
    this.running = null;
    this.doom = null;
    this.closing = null;
    if (this.database.handle.isTransaction) this.database.handle.exec('ROLLBACK');
    if (powerCut && this.library) cutStaged(this.library, this.#world.chance());
    this.#world.trace.note(this.#world.timeline.now, this.name, powerCut ? 'power cut' : 'killed');
  }

  /** Photos that were away lie again where they were; a name that was taken meanwhile keeps its new file. */
  bringBack(): void {
    for (const { folder, path, file } of this.aside.splice(0)) {
      let free = path;
      // Others may have come to lie there, also out of what was moved away another time.
      while (folder.isTaken(free) !== undefined) free = `back/${free}`;
      folder.files.set(free, file);
    }
  }

  folderAt(location: string): Folder {
    return this.library?.location === location ? this.library : this.photos;
  }

  identity(): Identity {
    return {
      server: 'http://server.example',
      account: { id: this.account.id, email: this.account.email, name: this.account.email, role: 'owner' },
      device: { id: this.credentials.deviceId, name: this.name },
      library: { id: this.account.libraryId, name: 'Photos' },
    };
  }

  #commits(life: Life): 'before' | 'after' | null {
    life.check();
    if (this.doom === null) return null;
    this.doom -= 1;
    if (this.doom > 0) return null;
    const when = this.#world.chance().pick(['before', 'after'] as const);
    this.#world.struck('device killed at a commit');
    // What is open is rolled back or committed by the driver itself: the process is only marked dead here.
    this.#endSoon(life);
    return when;
  }
}

/** What was downloaded and not yet synced is kept, cut, or has zeros for content. */
function cutStaged(folder: Folder, chance: Prng): void {
  for (const [sha256, content] of folder.staged) {
    const at = chance.below(content.length + 1);
    switch (chance.below(3)) {
      case 0:
        break;
      case 1:
        folder.staged.set(sha256, content.slice(0, at));
        break;
      default:
        folder.staged.set(sha256, content.slice().fill(0, at));
    }
  }
}

function sleep(timeline: Timeline, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = timeline.after(ms, wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
