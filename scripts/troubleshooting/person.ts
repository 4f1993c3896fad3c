import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DeviceProcess } from '../../e2e/harness/device.ts';
import { Stage } from '../../e2e/harness/processes.ts';
import { ServerProcess } from '../../e2e/harness/server.ts';
import { type SwitchedLine, switchedLine } from '../../e2e/harness/switched-line.ts';
import { stable } from './stable.ts';

/** A person at the command line of a device, and all that they type and read, as Markdown. */
export class Person {
  readonly stage: Stage;
  readonly server: ServerProcess;
  readonly line: SwitchedLine;
  readonly device: DeviceProcess;
  readonly photos: string;
  readonly #lines: string[] = [];
  readonly #ends: (() => Promise<void> | void)[] = [];

  private constructor(stage: Stage, server: ServerProcess, line: SwitchedLine) {
    this.stage = stage;
    this.server = server;
    this.line = line;
    this.device = new DeviceProcess(stage, 'ada');
    this.device.environment = { EVERROLL_PATIENCE_SECONDS: '2' };
    this.photos = join(stage.path, 'Pictures');
  }

  static async atHome(): Promise<Person> {
    const stage = await Stage.open();
    const server = await ServerProcess.start(stage, null);
    const person = new Person(stage, server, await switchedLine(() => server.port));
    await mkdir(person.photos);
    return person;
  }

  heading(text: string): void {
    this.#lines.push(`## ${text}`, '');
  }

  /** What the person, or the text, says. */
  says(...paragraphs: readonly string[]): void {
    for (const paragraph of paragraphs) this.#lines.push(paragraph, '');
  }

  /** Types a command and reads what it prints. */
  async types(...args: readonly string[]): Promise<void> {
    const { stdout, stderr } = await this.device.run(...args);
    const typed = args.map((word) => (/^[\w@.,=:/+-]+$/.test(word) ? word : `'${word}'`)).join(' ');
    const printed = stable(`${stderr}${stdout}`, { folder: this.stage.path, servers: [this.line.url, this.server.url] });
    this.#lines.push('```console', `$ everroll ${stable(typed, { folder: this.stage.path, servers: [this.line.url, this.server.url] })[0] ?? ''}`, ...printed, '```', '');
  }

  get markdown(): string {
    return this.#lines.join('\n');
  }

  /** What was set up for the person goes before they do. */
  atEnd(end: () => Promise<void> | void): void {
    this.#ends.push(end);
  }

  async leaves(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end();
    await this.line.close();
    await this.server.stop();
    await this.stage.close();
  }
}
