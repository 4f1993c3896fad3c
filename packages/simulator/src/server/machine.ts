import { Disk } from '../disk/disk.ts';
import type { Tree } from '../disk/tree.ts';
import { hashOf } from '../world/hash.ts';
import type { Prng } from '../world/prng.ts';
import { drained, type Timeline } from '../world/timeline.ts';
import type { Trace } from '../world/trace.ts';
import { inProcessEvents, type Services } from './code.ts';
import { type Dump, ServerDatabase } from './database.ts';
import { originalPath, ServerProcess, SET_ASIDE } from './process.ts';

/** Where a kill is to strike: at the nth operation of a kind from now on. */
export interface Doom {
  readonly kind: 'statement' | 'disk';
  left: number;
  /** The power goes with it, so that the disk loses what was not synced. */
  readonly powerCut: boolean;
}

export interface Backup {
  readonly at: number;
  readonly rows: Dump;
  readonly originals: Tree;
}

/** What a machine is given for one run. */
export interface MachineWorld {
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly chance: Prng;
}

/** The server's machine: one database, one disk, one clock, and the processes that run on it. */
export class ServerMachine {
  readonly database: ServerDatabase;
  #world: MachineWorld | undefined;
  disk: Disk;
  processes: ServerProcess[] = [];
  readonly #spare: ServerProcess[] = [];
  doom: Doom | null = null;
  /** Added to the world's time. */
  clockOffset = 0;
  syncFailures = 0;
  slowDisk = false;
  #writers = 0;
  /** Errors that the server did not expect, as its log says. */
  readonly defects: string[] = [];
  /** Faults by kind that really struck. */
  struck: (kind: string) => void = () => undefined;

  /** What who looks on reads the log with: no kill strikes there, and nothing is written. */
  readonly onlooker: Pick<Services, 'db' | 'random' | 'events'>;

  private constructor(database: ServerDatabase) {
    this.database = database;
    this.onlooker = { db: database.connect({ statement: () => undefined }), random: { id: unasked, token: unasked }, events: inProcessEvents() };
    this.disk = new Disk(() => this.clock());
  }

  static async make(): Promise<ServerMachine> {
    return new ServerMachine(await ServerDatabase.make());
  }

  /** An empty machine for a new run. */
  async reset(world: MachineWorld): Promise<void> {
    this.#world = world;
    this.doom = null;
    this.kill();
    await this.#retire();
    this.database.clear();
    this.disk = new Disk(() => this.clock());
    this.disk.makeFolder('/data');
    this.disk.syncFolder('');
    this.clockOffset = 0;
    this.syncFailures = 0;
    this.slowDisk = false;
    this.defects.length = 0;
    this.#writers = 0;
  }

  /** What each process names its files by. */
  nextWriter(): string {
    this.#writers += 1;
    return this.#writers.toString(16);
  }

  get timeline(): Timeline {
    return this.#here.timeline;
  }

  get chance(): Prng {
    return this.#here.chance;
  }

  /** The actions of a run have streams of chance of their own. */
  set chance(chance: Prng) {
    this.#world = { ...this.#here, chance };
  }

  get #here(): MachineWorld {
    if (!this.#world) throw new Error('the machine stands in no world yet');
    return this.#world;
  }

  clock(): number {
    return this.#here.timeline.now + this.clockOffset;
  }

  /** The process that answers the next request; undefined: the server is down. */
  process(chance = this.chance): ServerProcess | undefined {
    const running = this.processes.filter((process) => process.runs);
    return running.length === 0 ? undefined : chance.pick(running);
  }

  start(processes: number): void {
    while (this.processes.length < processes) {
      const process = this.#spare.pop() ?? new ServerProcess(this);
      process.start();
      this.processes.push(process);
    }
  }

  kill(): void {
    for (const process of this.processes) process.kill();
  }

  powerCut(): void {
    this.kill();
    this.disk.tree.powerCut(this.chance);
  }

  /** After a kill: the dead are laid aside, and new ones start. */
  async restart(processes: number): Promise<void> {
    this.kill();
    await this.#retire();
    this.doom = null;
    this.start(processes);
  }

  async #retire(): Promise<void> {
    await drained();
    for (const process of this.processes) if (process.isQuiet) this.#spare.push(process);
    this.processes = [];
  }

  /** Asked at each operation. @returns whether a kill struck. */
  dies(kind: Doom['kind'], name: string, halfDone?: () => void): boolean {
    const { doom } = this;
    if (!doom || doom.kind !== kind) return false;
    doom.left -= 1;
    if (doom.left > 0) return false;
    this.doom = null;
    const done = this.chance.chance(0.5);
    if (done && halfDone) this.#carryOut(halfDone);
    if (done && name === 'commit' && this.database.handle.isTransaction) this.database.commit();
    this.#here.trace.note(this.timeline.now, 'server', `killed at ${kind} ${name.slice(0, 40)}${done ? ' (done)' : ''}${doom.powerCut ? ', power cut' : ''}`);
    this.struck(doom.powerCut ? 'server power cut' : 'server killed');
    if (doom.powerCut) this.powerCut();
    else this.kill();
    return true;
  }

  /** An operation that would have failed has simply not happened. */
  #carryOut(work: () => void): void {
    try {
      work();
    } catch {
      // The process is dead: nobody is told.
    }
  }

  diskLatency(): number {
    return this.slowDisk ? this.chance.between(20, 2000) : this.chance.below(3);
  }

  syncFails(): boolean {
    if (this.syncFailures === 0) return false;
    this.syncFailures -= 1;
    this.struck('sync of a file failed');
    return true;
  }

  logged(message: string, fields: Record<string, unknown>): void {
    const text = `${message} ${JSON.stringify(fields)}`;
    // What was killed says so in its last breath, and a disk that fails is meant to be complained about.
    if (/Died|ENOSPC|EIO|bit_rot|damaged|an original is lost|not what was announced/.test(text)) return;
    this.defects.push(text);
  }

  backup(): Backup {
    return { at: this.clock(), rows: this.database.dump(), originals: this.disk.tree.copy() };
  }

  /** Of a server that is down. */
  restore(backup: Backup, withOriginals: boolean): void {
    this.database.restore(backup.rows);
    if (withOriginals) this.disk.tree = backup.originals.copy();
  }

  /** The bytes of an original that the store could give out now, set aside or in place. */
  originalOf(sha256: string): Uint8Array | undefined {
    const found = this.disk.tree.find(originalPath(sha256));
    if (found?.kind === 'file') return found.content;
    const aside = this.disk.tree.find(SET_ASIDE);
    if (aside?.kind !== 'folder') return undefined;
    for (const day of aside.names.values()) {
      const file = day.kind === 'folder' ? day.names.get(sha256) : undefined;
      if (file?.kind === 'file') return file.content;
    }
    return undefined;
  }

  /** Whether the store holds exactly the bytes of this hash. */
  holds(sha256: string): boolean {
    const content = this.originalOf(sha256);
    return content !== undefined && hashOf(content) === sha256;
  }
}

function unasked(): never {
  throw new Error('who only reads needs no chance');
}
