import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PlantedBug } from './bug.ts';
import type { Scenario } from '../actions/action.ts';
import { generate } from '../search/generate.ts';
import { judge } from '../search/run.ts';
import { type Rule, type Without, withoutNone } from '../world/failure.ts';
import { Hardware } from '../world/hardware.ts';
import { plant } from './copy.ts';
import type { Answer, Question } from './probe.ts';

export interface Try {
  /** Runs until it was found; null: not within the bound. */
  readonly runs: number | null;
  readonly rule: Rule | null;
  readonly message: string;
}

/** Seeds of the tries lie so far apart that they share no run. */
const APART = 1_000_000;

/** A copy of the code with one bug in it, searched by a process of its own. */
export class Hunt {
  readonly #hardware: Hardware;
  readonly #process: ChildProcess;
  readonly #remove: () => void;

  private constructor(hardware: Hardware, process: ChildProcess, remove: () => void) {
    this.#hardware = hardware;
    this.#process = process;
    this.#remove = remove;
  }

  static async begin(bug: PlantedBug): Promise<Hunt> {
    const { folder, remove } = plant(bug);
    const probe = fork(join(folder, 'packages/simulator/src/planted/probe.ts'), { execArgv: [], serialization: 'advanced' });
    return new Hunt(await Hardware.make(), probe, remove);
  }

  /** Several tries from different seeds, the same ones each time that it is asked. */
  async tries(count: number, runs: number, without: Without = withoutNone): Promise<Try[]> {
    const tries: Try[] = [];
    for (let index = 0; index < count; index += 1) tries.push(await this.#try((index + 1) * APART, runs, without));
    return tries;
  }

  /** Which rule sees the bug in this one run; null: none does. */
  async seenIn(scenario: Scenario, without: Without = withoutNone): Promise<Rule | null> {
    return (await this.#ask({ scenario, without })).found?.rule ?? null;
  }

  end(): void {
    this.#process.disconnect();
    this.#process.kill();
    this.#remove();
  }

  /** From one seed on; a run that fails without the bug as well shows nothing, and is passed over. */
  async #try(from: number, runs: number, without: Without): Promise<Try> {
    for (let done = 0; done < runs; ) {
      const answer = await this.#ask({ from: from + done, runs: runs - done, without });
      done += answer.runs;
      if (!answer.found) break;
      const sound = await judge(this.#hardware, generate(from + done - 1), without);
      if (sound.violation === null) return { runs: done, ...answer.found };
    }
    return { runs: null, rule: null, message: '' };
  }

  async #ask(question: Question): Promise<Answer> {
    this.#process.send(question);
    const ended = new AbortController();
    try {
      const [first] = (await Promise.race([
        once(this.#process, 'message', { signal: ended.signal }),
        once(this.#process, 'exit', { signal: ended.signal }).then(() => {
          throw new Error('the search in the copy ended without an answer');
        }),
      ])) as [Answer];
      return first;
    } finally {
      ended.abort();
    }
  }
}
