import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PlantedBug } from './bug.ts';
import { generate } from '../search/generate.ts';
import { run } from '../search/run.ts';
import { Hardware } from '../world/hardware.ts';
import { bugs } from './bugs.ts';
import { plant } from './copy.ts';

export interface Hunted {
  /** Runs that each try needed; null: not found within the bound. */
  readonly tries: readonly (number | null)[];
  readonly rules: readonly string[];
  readonly message: string;
}

const execute = promisify(execFile);

/** Seeds of the tries lie so far apart that they share no run. */
const APART = 1_000_000;

/** Lets the search hunt one bug, several times from different seeds. */
export async function huntOne(bug: PlantedBug, tries: number, runs: number): Promise<Hunted> {
  const { folder, remove } = plant(bug);
  const hardware = await Hardware.make();
  const needed: (number | null)[] = [];
  const rules = new Set<string>();
  let message = '';
  try {
    for (let index = 0; index < tries; index += 1) {
      const found = await tryOnce(hardware, join(folder, 'packages/simulator/src/planted/probe.ts'), (index + 1) * APART, runs);
      needed.push(found?.runs ?? null);
      if (found) rules.add(found.rule);
      message ||= found?.message ?? '';
    }
  } finally {
    remove();
  }
  return { tries: needed, rules: [...rules], message };
}

/** From one seed on; a run that fails without the bug as well shows nothing, and is passed over. */
async function tryOnce(hardware: Hardware, probe: string, from: number, runs: number): Promise<{ readonly runs: number; readonly rule: string; readonly message: string } | null> {
  for (let done = 0; done < runs; ) {
    const { stdout } = await execute(process.execPath, [probe, String(from + done), String(runs - done)], { maxBuffer: 1e8 });
    const answer = JSON.parse(stdout) as { runs: number; rule: string | null; message: string | null };
    done += answer.runs;
    if (answer.rule === null) return null;
    const without = await run(hardware, generate(from + done - 1));
    if (without.violation === null) return { runs: done, rule: answer.rule, message: answer.message ?? '' };
  }
  return null;
}

/** The table of docs/proof.md, a line at a time. */
export async function hunt(options: { readonly only: readonly string[]; readonly tries: number; readonly runs: number }): Promise<void> {
  const chosen = options.only.length === 0 ? bugs : bugs.filter((bug) => options.only.includes(bug.name));
  process.stdout.write('| planted bug | what is wrong | median runs | each try | seen by |\n|---|---|---|---|---|\n');
  for (const bug of chosen) {
    const { tries, rules, message } = await huntOne(bug, options.tries, options.runs);
    const each = tries.map((one) => one ?? `> ${options.runs}`).join(', ');
    process.stdout.write(`| ${bug.name} | ${bug.what} | ${median(tries, options.runs)} | ${each} | ${rules.join(', ') || 'nothing'} |\n`);
    if (tries.includes(null)) process.exitCode = 1;
    if (message) process.stderr.write(`  ${bug.name}: ${message.slice(0, 160)}\n`);
  }
}

function median(tries: readonly (number | null)[], most: number): string {
  const sorted = tries.map((one) => one ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(middle) ? String(middle) : `> ${most}`;
}
