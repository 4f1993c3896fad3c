import type { LibraryId } from '@everroll/protocol';
import type { Action, Columns, Scenario } from '../actions/action.ts';
import { type Account, type Credentials, Device, type DeviceWatcher, type DeviceWorld } from '../device/device.ts';
import type { Folder, FolderFile } from '../folder/folder.ts';
import { Model } from '../model/model.ts';
import type { WireWatcher } from '../network/connection.ts';
import { createAccount, createLocalSession } from '../server/code.ts';
import type { Backup, ServerMachine } from '../server/machine.ts';
import { isVain, judgeCall, judgeRemoval, Results } from '../checks/acts.ts';
import { Confirmations } from '../checks/evictions.ts';
import { Operations } from '../checks/operations.ts';
import { countTraffic, judgeTraffic } from '../checks/policy.ts';
import { type Rule, Violation, type Without } from './failure.ts';
import type { Hardware } from './hardware.ts';
import { mix, Prng } from './prng.ts';
import { drained, Timeline } from './timeline.ts';
import { Trace } from './trace.ts';

/** When every run begins. */
const BEGINNING = Date.UTC(2026, 4, 17, 12);

/** Makes another stream of chance of the same number. */
const BESIDE = 0x5e77;

/** A run that does not come to rest within so many events never will: of 800 the longest took 2,900. */
const EVENTS_MAX = 20_000;

/** Everything of one run. */
export class World implements DeviceWorld, DeviceWatcher {
  readonly scenario: Scenario;
  readonly timeline = new Timeline(BEGINNING);
  readonly trace: Trace;
  readonly machine: ServerMachine;
  readonly model = new Model();
  readonly accounts: Account[] = [];
  readonly devices: Device[] = [];
  readonly results = new Results();
  readonly confirmations = new Confirmations();
  readonly operations: Operations;
  readonly backups: Backup[] = [];
  readonly faults = new Map<string, number>();
  readonly pageLimit: number;
  /** Server processes that run at a time. */
  processes = 1;
  calls = 0;
  /** Bytes and changes that reached the server, for I13. */
  work = 0;
  violation: Violation | null = null;
  #chance: Prng;
  #beside: Prng;
  readonly #hardware: Hardware;
  readonly #without: Without;

  private constructor(hardware: Hardware, scenario: Scenario, keepsTrace: boolean, without: Without) {
    this.#hardware = hardware;
    this.#without = without;
    this.scenario = scenario;
    this.trace = new Trace(keepsTrace);
    this.machine = hardware.machine;
    this.operations = new Operations(this);
    this.#chance = new Prng(scenario.seed);
    this.#beside = new Prng(mix(scenario.seed, BESIDE));
    this.pageLimit = scenario.setting.pageLimit;
  }

  static async begin(hardware: Hardware, scenario: Scenario, keepsTrace: boolean, without: Without): Promise<World> {
    const world = new World(hardware, scenario, keepsTrace, without);
    hardware.reset();
    await world.machine.reset({ timeline: world.timeline, trace: world.trace, chance: world.#chance });
    world.machine.struck = (kind) => world.struck(kind);
    world.machine.database.committed = () => world.operations.committed();
    world.machine.start(1);
    await world.timeline.pass(100);
    for (let index = 0; index < scenario.setting.accounts; index += 1) world.accounts.push(await world.#account(index, scenario.setting.plan));
    for (const [index, { account, folder, foldsNames, watches, badNetwork, columns, browser }] of scenario.setting.devices.entries()) {
      const of = world.accounts[account];
      if (!of) continue;
      const device = await world.addDevice(`device${index + 1}`, of, { hasLibraryFolder: folder, foldsNames, columns: columns ?? null, isBrowser: browser ?? false });
      device.watches = watches;
      if (badNetwork !== 0) device.link.worsen(badNetwork);
    }
    return world;
  }

  chance(): Prng {
    return this.#chance;
  }

  /** For the calls in which devices speak of themselves: with more or fewer of them the rest of a run stays the same. */
  chanceBeside(): Prng {
    return this.#beside;
  }

  /** All chance until the next call comes from this. */
  reseed(salt: number): void {
    this.#chance = new Prng(mix(this.scenario.seed, salt));
    this.#beside = new Prng(mix(mix(this.scenario.seed, salt), BESIDE));
    this.machine.chance = this.#chance;
  }

  struck(kind: string): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  note(who: string, what: string): void {
    this.trace.note(this.timeline.now, who, what);
  }

  /** The one place where what is broken is noted, and where a rule that is taken away sees nothing. */
  fail(rule: Rule, detail: string): void {
    if (!this.#without.has(rule)) this.violation ??= new Violation(rule, detail);
  }

  /** @throws the first violation, wherever in the run it was seen. */
  check(): void {
    const [defect] = this.machine.defects;
    if (defect !== undefined) this.fail('defect', `the server: ${defect}`);
    if (this.violation) throw this.violation;
  }

  async pass(ms: number): Promise<void> {
    await this.timeline.pass(ms, () => this.#limit());
    this.check();
  }

  /** Until no device works any more. */
  async rest(mostMs: number): Promise<void> {
    const end = this.timeline.now + mostMs;
    await drained();
    while (this.devices.some((device) => device.running !== null)) {
      const next = this.timeline.next();
      if (next === null || next > end) break;
      await this.timeline.step();
      this.#limit();
    }
    this.check();
  }

  #limit(): void {
    if (this.timeline.events > EVENTS_MAX) throw new Violation('I12', `no end within ${EVENTS_MAX} events`);
  }

  async addDevice(name: string, account: Account, { hasLibraryFolder, foldsNames, columns, isBrowser }: { hasLibraryFolder: boolean; foldsNames: boolean; columns: Columns | null; isBrowser: boolean }): Promise<Device> {
    const device = new Device(this, this, { name, account, credentials: await this.signedIn(account, name), database: this.#hardware.database(), hasLibraryFolder, columns, isBrowser });
    if (device.library) device.library.foldsNames = foldsNames;
    device.start();
    setUp(device);
    this.devices.push(device);
    return device;
  }

  /** A session for a device, made where the server runs: passwords are not what is looked for here. */
  async signedIn(account: Account, name: string, known?: Credentials): Promise<Credentials> {
    const process = this.machine.process();
    if (!process) throw new Error('the server is down');
    const made = createLocalSession(process.services, account.id, { name, kind: 'agent', ...(known && { id: known.deviceId }) });
    const { token, deviceId } = await made;
    return { token, deviceId };
  }

  async #account(index: number, plan: number): Promise<Account> {
    const process = this.machine.process();
    if (!process) throw new Error('the server is down');
    const email = `person${index + 1}@example.com`;
    const { services } = process;
    const made = await services.db.transaction().execute((trx) => createAccount(trx, services, { email, name: email, role: 'owner', passwordHash: '' }));
    if (made === 'email_taken') throw new Error(email);
    this.machine.database.statement('UPDATE account SET plan_bytes = ? WHERE id = ?').run(plan, made.id);
    const [row] = this.machine.database.rows('SELECT id FROM library WHERE account_id = ?', made.id);
    return { id: made.id, email, libraryId: String(row?.['id']) as LibraryId };
  }

  // --- what is told by devices ---------------------------------------------------------------------

  wire(device: Device): WireWatcher {
    return {
      begins: (call) => {
        this.calls += 1;
        if (call.method !== 'GET' && !call.path.endsWith('/known') && !call.path.endsWith('/status')) this.work += 1;
        this.note(device.name, `→ ${call.method} ${shortPath(call.path)}`);
        if (call.path.endsWith('/mutations')) this.operations.sent(call.json);
        judgeCall(this, device, call);
        judgeTraffic(this, device, call);
      },
      moved: (bytes) => countTraffic(device, bytes),
      answered: (call, status, body) => {
        this.note('server', `← ${status} ${call.method} ${shortPath(call.path)} (${device.name})${status >= 400 ? ` ${codeOf(body)}` : ''}`);
        if (status === 200 && call.path.endsWith('/known')) this.confirmations.observe(this, device, call, body);
        if (status !== 200 || !call.path.endsWith('/mutations')) return;
        this.results.observe(this, device, call.json, body);
        if (isVain(call.json, body)) this.work -= 1;
      },
      struck: (fault) => {
        this.note(device.name, `network: ${fault}`);
        this.struck(`network: ${fault}`);
      },
    };
  }

  committed(device: Device): void {
    this.operations.judge(device);
  }

  threw(device: Device, error: unknown): void {
    if (error instanceof Violation) {
      this.fail(error.rule, `${device.name}: ${error.detail}`);
      return;
    }
    this.fail('defect', `the engine of ${device.name} threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  removed(folder: Folder, path: string, file: FolderFile): void {
    this.note('engine', `removes ${folder.location}/${path}`);
    judgeRemoval(this, folder, path, file);
  }

  evicted(folder: Folder, path: string, file: FolderFile): void {
    this.note('engine', `evicts ${folder.location}/${path}`);
    this.confirmations.judge(this, folder, path, file);
  }
}

/** What a person does with a new installation. */
export function setUp(device: Device): void {
  device.ask((engine) => {
    engine.signIn(device.identity());
    // What a browser reads from it sees to itself when it starts.
    if (!device.browser) engine.addSource(device.photos.location);
    if (device.library) engine.setFolder(device.library.location);
  });
}

export function deviceOf(world: World, action: Action): Device {
  const device = world.devices[action.device % world.devices.length];
  if (!device) throw new Error('a world without devices');
  return device;
}

function shortPath(path: string): string {
  return path.replace('/api/v1', '').replaceAll(/([0-9a-f]{6})[0-9a-f]{10,}/g, '$1');
}

function codeOf(body: string): string {
  return /"code":"(\w+)"/.exec(body)?.[1] ?? body.slice(0, 60);
}
