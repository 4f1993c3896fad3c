import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Status, Why } from '@everroll/engine';
import { makeJpeg } from '@everroll/media/samples';
import type { CheckResult, ReasonCode } from '@everroll/protocol';
import { Api } from './api.ts';
import { DeviceProcess } from './device.ts';
import { OWNER, type Stage } from './processes.ts';
import type { ServerProcess } from './server.ts';
import { type SwitchedLine, switchedLine } from './switched-line.ts';

/** One device behind a line of its own, with photos that are saved. What a scenario breaks, it breaks here. */
export interface Ward {
  readonly stage: Stage;
  readonly server: ServerProcess;
  readonly line: SwitchedLine;
  readonly device: DeviceProcess;
  readonly photos: string;
  /** The photo that this scenario is about. */
  readonly photo: string;
  addPhoto(name?: string, bytes?: number): Promise<void>;
  pathOf(name?: string): string;
  /** Where the server keeps a photo of this device. */
  originalOf(name: string): Promise<string>;
  /** `everroll set`. */
  set(...pairs: string[]): Promise<void>;
  diagnose(...options: string[]): Promise<Diagnosis>;
  why(file: string): Promise<readonly Why[]>;
  /** Why the library shows no picture of a photo; null: it does, or nobody has tried to make one yet. */
  problem(file: string): Promise<ReasonCode | null>;
  status(): Promise<Status>;
  /** How many files a person finds in the folders of this device. */
  files(): Promise<number>;
  /** This folder is one of the device's, too. */
  alsoIn(folder: string): void;
  /** Points the device to another address, as a person does who moved the server. */
  moveTo(url: string): Promise<void>;
  /** Another person who owns the server too. */
  coOwner(): Promise<Api>;
  /** The same account, signed in on another device. */
  elsewhere(): Promise<Elsewhere>;
  /** Statements on the device's own database, while nothing runs. */
  onDevice(sql: string, ...parameters: (string | number | null)[]): void;
  onServer(sql: string, ...parameters: (string | number | null)[]): void;
  /** What a cause opened is closed with the ward. */
  atEnd(end: () => Promise<void> | void): void;
  close(): Promise<void>;
}

export interface Elsewhere {
  readonly api: Api;
  /** Changes of the library, made on the other device. */
  change(...operations: object[]): Promise<void>;
}

export interface Diagnosis {
  readonly exitCode: number;
  readonly results: readonly CheckResult[];
  readonly before?: readonly CheckResult[];
  readonly fixes?: readonly { readonly action: string; readonly outcome: string; readonly code: string | null }[];
}

export const CO_OWNER = { email: 'bea@example.com', password: 'another horse battery' } as const;

/** Enough for a second try, and no more: what waits here waits for what a scenario does. */
const PATIENCE = { EVERROLL_PATIENCE_SECONDS: '2' } as const;

/** What a person set, and what was counted: as on a device that nobody has set anything on. */
const OF_PERSONS = ['settings', 'conditionsByHand', 'mobileUse', 'progress'];

export class OpenWard implements Ward {
  readonly stage: Stage;
  readonly server: ServerProcess;
  readonly line: SwitchedLine;
  readonly device: DeviceProcess;
  readonly photos: string;
  photo = 'BEFORE.JPG';
  readonly #name: string;
  readonly #ends: (() => Promise<void> | void)[] = [];
  readonly #folders: Set<string>;
  #count = 0;
  #coOwner: Promise<Api> | undefined;

  private constructor(stage: Stage, server: ServerProcess, line: SwitchedLine, name: string) {
    this.stage = stage;
    this.server = server;
    this.line = line;
    this.#name = name;
    this.device = new DeviceProcess(stage, join(name, 'home'));
    this.photos = join(stage.path, name, 'photos');
    this.#folders = new Set([this.photos]);
    this.device.environment = { ...PATIENCE };
  }

  static async open(stage: Stage, server: ServerProcess, name: string): Promise<OpenWard> {
    const ward = new OpenWard(stage, server, await switchedLine(() => server.port), name);
    await mkdir(ward.photos, { recursive: true });
    await ward.device.signIn(ward.line.url);
    await ward.device.addSource(ward.photos);
    await ward.addPhoto();
    await ward.device.sync();
    return ward;
  }

  /** A scenario begins: a name for its photo, and nothing that one before has set. */
  begin(): void {
    this.#count += 1;
    this.photo = `AFTER-${this.#count}.JPG`;
    this.device.environment = { ...PATIENCE };
    this.device.through = [];
    for (const key of OF_PERSONS) this.onDevice('DELETE FROM meta WHERE key = ?', key);
  }

  addPhoto(name: string = this.photo, bytes?: number): Promise<void> {
    return writeFile(this.pathOf(name), makeJpeg({ seed: `${this.#name} ${name} ${bytes ?? ''}`, ...(bytes === undefined ? {} : { bytes }) }));
  }

  pathOf(name: string = this.photo): string {
    return join(this.photos, name);
  }

  async originalOf(name: string): Promise<string> {
    const sha256 = createHash('sha256').update(await readFile(this.pathOf(name))).digest('hex');
    return join(this.server.data, 'originals', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  async set(...pairs: string[]): Promise<void> {
    await this.device.ask(['set', ...pairs]);
  }

  async diagnose(...options: string[]): Promise<Diagnosis> {
    const { exitCode, stdout, stderr } = await this.device.run('doctor', '--json', ...options);
    if (stdout === '') throw new Error(`the doctor said nothing: ${stderr}`);
    return { exitCode, ...(JSON.parse(stdout) as Omit<Diagnosis, 'exitCode'>) };
  }

  async why(file: string): Promise<readonly Why[]> {
    return (await this.device.ask<{ files: readonly Why[] }>(['why', file])).files;
  }

  async problem(file: string): Promise<ReasonCode | null> {
    return (await this.device.ask<{ problem: ReasonCode | null }>(['why', file])).problem;
  }

  async status(): Promise<Status> {
    return JSON.parse((await this.device.run('status', '--json')).stdout) as Status;
  }

  async files(): Promise<number> {
    const entries = await Promise.all([...this.#folders].map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
    return entries.flat().filter((entry) => entry.isFile() && !`${entry.parentPath}/${entry.name}`.slice(this.stage.path.length).includes('/.')).length;
  }

  alsoIn(folder: string): void {
    this.#folders.add(folder);
  }

  async moveTo(url: string): Promise<void> {
    const path = join(this.device.home, 'session.json');
    await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), server: url }));
  }

  coOwner(): Promise<Api> {
    this.#coOwner ??= (async () => {
      const owner = await Api.signIn(() => this.server.url, 'Owner’s browser', OWNER);
      const { body } = await owner.ask('POST', '/api/v1/accounts', { ...CO_OWNER, name: 'Bea' }, 201);
      await owner.ask('PATCH', `/api/v1/accounts/${String(body['id'])}`, { role: 'owner' });
      return await Api.signIn(() => this.server.url, 'Bea’s browser', CO_OWNER);
    })();
    return this.#coOwner;
  }

  async elsewhere(): Promise<Elsewhere> {
    const api = await Api.signIn(() => this.server.url, 'Tablet', OWNER);
    let number = 0;
    return {
      api,
      async change(...operations) {
        const { id, epoch } = await api.library();
        const mutations = operations.map((operation) => ({ number: (number += 1), id: crypto.randomUUID().replaceAll('-', ''), operation }));
        const { body } = await api.ask('POST', `/api/v1/libraries/${id}/mutations`, { epoch, acknowledged: 0, mutations });
        const refused = (body['results'] as { outcome: string; code?: string }[]).filter(({ outcome }) => outcome !== 'applied');
        if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused)}`);
      },
    };
  }

  onDevice(sql: string, ...parameters: (string | number | null)[]): void {
    statement(join(this.device.home, 'device.db'), sql, parameters);
  }

  onServer(sql: string, ...parameters: (string | number | null)[]): void {
    statement(join(this.server.data, 'everroll.db'), sql, parameters);
  }

  atEnd(end: () => Promise<void> | void): void {
    this.#ends.push(end);
  }

  /** Leaves the stage and the server, which may be shared. */
  async close(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
    await this.line.close();
  }
}

function statement(path: string, sql: string, parameters: readonly (string | number | null)[]): void {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    database.prepare(sql).run(...parameters);
  } finally {
    database.close();
  }
}
