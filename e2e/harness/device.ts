import type { ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Status } from '@everroll/engine';
import type { Asset } from '@everroll/protocol';
import { type Finished, OWNER, type Stage } from './processes.ts';

export type ShownAsset = Asset & { readonly name: string; readonly albums: readonly string[] };

/** A device: a home of its own, used through the command line alone. */
export class DeviceProcess {
  readonly home: string;
  /** What its processes find in their environment beside the usual. */
  environment: Record<string, string> = {};
  /** A command that runs its processes: as another user, in a network of their own. */
  through: readonly string[] = [];
  readonly #stage: Stage;

  constructor(stage: Stage, name: string) {
    this.#stage = stage;
    this.home = join(stage.path, name);
  }

  get #env(): Record<string, string> {
    // Files of a test are whole when they are there.
    return { EVERROLL_HOME: this.home, EVERROLL_PASSWORD: OWNER.password, EVERROLL_SETTLE_SECONDS: '0', ...this.environment };
  }

  run(...args: string[]): Promise<Finished> {
    return this.#stage.run(args, this.#env, { through: this.through });
  }

  start(...args: string[]): ChildProcess {
    return this.#stage.start(args, this.#env, { through: this.through });
  }

  /** The one JSON object of a command that must end with `exitCode`. */
  async ask<T = Record<string, unknown>>(args: readonly string[], exitCode = 0): Promise<T> {
    const finished = await this.run(...args, '--json');
    if (finished.exitCode !== exitCode) throw new Error(`everroll ${args.join(' ')} ended with ${finished.exitCode}: ${finished.stdout}${finished.stderr}`);
    return JSON.parse(finished.stdout) as T;
  }

  async signIn(url: string): Promise<void> {
    await this.ask(['sign-in', url, '--email', OWNER.email]);
  }

  async addSource(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await this.ask(['source', 'add', folder]);
  }

  sync(exitCode = 0): Promise<Status> {
    return this.ask<Status>(['sync'], exitCode);
  }

  async assets(...filters: string[]): Promise<ShownAsset[]> {
    return (await this.ask<{ assets: ShownAsset[] }>(['list', ...filters])).assets;
  }

  /** The machine is set up anew. */
  forget(): Promise<void> {
    return rm(this.home, { recursive: true, force: true });
  }
}
