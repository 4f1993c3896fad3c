import type { DeviceSettings } from '@everroll/protocol';
import type { Room } from '../ports/source.ts';
import { type Hold, type Lane, readHolds } from '../holds/holds.ts';
import type { Stage } from '../items/stage.ts';
import type { Limit, WorkClass } from '../policy/policy.ts';
import type { Driver, SqlRow } from '../ports/driver.ts';
import { type Effect, isCall, kindOf, limits } from './effect.ts';

/** The effects that run, by their keys, and when each began. */
export type Running = ReadonlyMap<string, number>;

/** Open: as many as the limits say. Probe: the hold is due, one effect may try. Shut: not now. */
export type Gate = 'open' | 'probe' | 'shut';

const stagesWithAppointments = ['settling', 'inspect', 'ask', 'send', 'commit', 'evicted', 'remove'] as const satisfies readonly Stage[];
/** The next appointment of the items at each of these, by one statement; each is one step in an index. */
const APPOINTMENTS = `SELECT ${stagesWithAppointments.map((stage) => `(SELECT min(next_at) FROM item WHERE stage = '${stage}' AND next_at > ?1) AS "${stage}"`).join(', ')}`;

/** A plan while it is made: what was decided so far, and what there is room for. */
export class Draft {
  readonly driver: Driver;
  readonly now: number;
  readonly effects: Effect[] = [];
  /** What policy lets pass. */
  readonly limits: Readonly<Record<WorkClass, Limit>>;
  /** An allowance is counted: originals move one at a time, so that together they never exceed it. */
  readonly #counted: boolean;
  readonly #running: Running;
  readonly #holds: ReadonlyMap<Lane, Hold>;
  /** What of the library folder's disk is free; null: it does not tell. */
  readonly diskRoom: Room | null;
  readonly settings: DeviceSettings;
  #nextAt: number | null = null;
  #awaitsCall = false;
  /** Read once, as a plan writes nothing. */
  #appointments: SqlRow | null = null;

  constructor(of: { driver: Driver; now: number; running: Running; limits: Readonly<Record<WorkClass, Limit>>; counted: boolean; settings: DeviceSettings; diskRoom: Room | null }) {
    const { driver, now, running } = of;
    this.driver = driver;
    this.now = now;
    this.limits = of.limits;
    this.settings = of.settings;
    this.diskRoom = of.diskRoom;
    this.#counted = of.counted;
    this.#running = running;
    this.#holds = new Map(readHolds(driver).map((held) => [held.lane, held]));
  }

  /** When there is something to do that is not due yet; null: nothing is left. */
  get nextAt(): number | null {
    return this.#nextAt;
  }

  /** Something is due that a running call holds up, be it a report, for which nobody waits otherwise. */
  get awaitsCall(): boolean {
    return this.#awaitsCall;
  }

  add(effect: Effect): void {
    if (this.#running.has(effect.key) || this.effects.some((other) => other.key === effect.key)) return;
    this.effects.push(effect);
  }

  /** There is something to do at that time; null: there is not. */
  later(at: number | null): void {
    if (at !== null && (this.#nextAt === null || at < this.#nextAt)) this.#nextAt = at;
  }

  runningOf(kind: Effect['do']): number {
    return this.keysOf(kind).length;
  }

  /** What effects of this kind that run are for: their keys without the kind. */
  keysOf(kind: Effect['do']): string[] {
    return [...this.#running.keys()].flatMap((key) => (key.startsWith(`${kind}:`) ? [key.slice(kind.length + 1)] : []));
  }

  room(kind: Effect['do']): number {
    if (this.#counted && (kind === 'upload' || kind === 'download')) return 1 - this.#busyWith('upload') - this.#busyWith('download');
    return limits[kind] - this.#busyWith(kind);
  }

  #busyWith(kind: Effect['do']): number {
    return this.runningOf(kind) + this.effects.filter((effect) => effect.do === kind).length;
  }

  gate(lanes: readonly Lane[]): Gate {
    let result: Gate = 'open';
    for (const lane of lanes) {
      const held = this.#holds.get(lane);
      if (!held) continue;
      if (held.nextAt > this.now) {
        this.later(held.nextAt);
        result = 'shut';
      } else if (this.#isTried(held)) {
        this.#awaitsCall = true;
        result = 'shut';
      } else if (result === 'open') {
        result = 'probe';
      }
    }
    return result;
  }

  /** A report makes no appointment: nobody waits for it. */
  mayReport(): boolean {
    return (['server', 'report'] as const).every((lane) => {
      const held = this.#holds.get(lane);
      return held === undefined || (held.nextAt <= this.now && !this.#isTried(held));
    });
  }

  /** Whether policy lets work of this class begin at all; if not, when that ends by itself is taken note of. */
  mayBegin(work: WorkClass): boolean {
    const { upTo, beyond } = this.limits[work];
    this.later(beyond?.until ?? null);
    return upTo > 0;
  }

  /** When a lane is tried again, 0 where nothing holds it. */
  heldUntil(lane: Lane): number {
    return this.#holds.get(lane)?.nextAt ?? 0;
  }

  /** The next appointment of an item at this stage. */
  nextOf(stage: (typeof stagesWithAppointments)[number]): number | null {
    this.#appointments ??= this.driver.prepare(APPOINTMENTS).get(this.now) ?? {};
    const at = this.#appointments[stage];
    return typeof at === 'number' ? at : null;
  }

  /** Whether one of the lane was let through since the hold is due: its end ends the hold or lengthens it. What began before says nothing, and may take hours. */
  #isTried({ lane, nextAt }: Hold): boolean {
    const passes = (kind: Effect['do']): boolean => (lane === 'server' ? isCall[kind] : kind === lane);
    return this.effects.some((effect) => passes(effect.do)) || [...this.#running].some(([key, began]) => began >= nextAt && passes(kindOf(key)));
  }
}
