import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** What `npx everroll` runs. */
const bin = join(root, 'bin', 'everroll.mjs');
/** What that runs in its turn; a test that kills wants no process in between. */
const program = join(root, 'apps', 'agent', 'src', 'main.ts');

export const OWNER = { email: 'ada@example.com', password: 'correct horse battery' } as const;

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Manner {
  readonly as?: 'bin' | 'program';
  /** A command before it, such as `setpriv` or `unshare`. */
  readonly through?: readonly string[];
}

/** A folder of a test's own, and everything that was started in it. */
export class Stage {
  readonly path: string;
  readonly #children = new Set<ChildProcess>();

  private constructor(path: string) {
    this.path = path;
  }

  static async open(): Promise<Stage> {
    return new Stage(await mkdtemp(join(tmpdir(), 'everroll-e2e-')));
  }

  async close(): Promise<void> {
    for (const child of this.#children) await killed(child);
    await rm(this.path, { recursive: true, force: true, maxRetries: 5 });
  }

  start(args: readonly string[], env: Readonly<Record<string, string>>, { as = 'program', through = [] }: Manner = {}): ChildProcess {
    const [command = process.execPath, ...words] = [...through, process.execPath, as === 'bin' ? bin : program, ...args];
    const child = spawn(command, words, { env: { ...cleanEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  async run(args: readonly string[], env: Readonly<Record<string, string>>, manner?: Manner): Promise<Finished> {
    const child = this.start(args, env, manner);
    let [stdout, stderr] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { exitCode: code ?? (signal === null ? 1 : 128), stdout, stderr };
  }
}

/** kill -9, and the wait until the kernel has taken everything back. */
export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

export async function stopped(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  return (await exit)[0];
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { ...(PATH && { PATH }), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }), ...(LANG && { LANG }) };
}
