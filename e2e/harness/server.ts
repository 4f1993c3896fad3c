import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OWNER, type Stage, killed, stopped } from './processes.ts';

/** The server as a process that can be stopped, killed and started again on the same port. */
export class ServerProcess {
  readonly data: string;
  readonly #stage: Stage;
  #port = 0;
  #child: ChildProcess | undefined;

  /** null: as many as a server has by itself; counts from its next start. */
  renditionWorkers: number | null;

  private constructor(stage: Stage, renditionWorkers: number | null) {
    this.#stage = stage;
    this.renditionWorkers = renditionWorkers;
    this.data = join(stage.path, 'data');
  }

  /** @param renditionWorkers null: as many as a server has by itself. A test that shows no picture needs none. */
  static async start(stage: Stage, renditionWorkers: number | null = 0): Promise<ServerProcess> {
    const server = new ServerProcess(stage, renditionWorkers);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.#child = this.#stage.start(['serve', '--json'], {
      EVERROLL_DATA: this.data,
      EVERROLL_HOST: '127.0.0.1',
      EVERROLL_PORT: String(this.#port),
      EVERROLL_OWNER_EMAIL: OWNER.email,
      EVERROLL_OWNER_PASSWORD: OWNER.password,
      ...(this.renditionWorkers !== null && { EVERROLL_RENDITION_WORKERS: String(this.renditionWorkers) }),
      EVERROLL_HOME: join(this.#stage.path, 'server-home'),
    });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('the server has no output');
    let log = '';
    stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-4000)));
    for await (const line of createInterface({ input: stdout })) {
      this.#port = Number(new URL((JSON.parse(line) as { url: string }).url).port);
      return;
    }
    throw new Error(`the server did not start: ${log}`);
  }

  async stop(): Promise<void> {
    if (this.#child) await stopped(this.#child);
  }

  /** SIGSTOP: it is there and does not answer. SIGCONT: it goes on as if nothing had been. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name);
  }

  async kill(): Promise<void> {
    if (this.#child) await killed(this.#child);
  }
}
