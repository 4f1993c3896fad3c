import type { PlantedBug } from './bug.ts';
import { bugs } from './bugs.ts';
import { Hunt, type Try } from './hunt.ts';
import { needed } from './needed.ts';
import { rules, type Without } from '../world/failure.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

export interface HuntOptions {
  /** Names; none: all. */
  readonly only: readonly string[];
  readonly tries: number;
  /** Bound of each try. */
  readonly runs: number;
  readonly without: Without;
}

/** The first table of docs/proof.md, a line at a time: what it takes to find each planted bug. */
export async function tellFound({ only, tries: count, runs, without }: HuntOptions): Promise<void> {
  say('| planted bug | what is wrong | median | worst | of tries | seen by |\n|---|---|---|---|---|---|');
  for (const bug of bugs.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const tries = await hunted(bug, (hunt) => hunt.tries(count, runs, without));
    say(`| ${bug.name} | ${bug.what} | ${median(tries, runs)} | ${worst(tries, runs)} | ${count} | ${seenBy(tries)} |`);
    if (tries.some((one) => one.runs === null)) process.exitCode = 1;
    process.stderr.write(`  ${bug.name}: ${tries.map((one) => `${one.runs ?? 'not found'} ${one.message.slice(0, 160)}`).join('\n    ')}\n`);
  }
}

/** The second: for each rule a bug that is found with it and escapes without it, from the same seeds. */
export async function tellNeeded({ only, tries: count }: Pick<HuntOptions, 'only' | 'tries'>): Promise<void> {
  say(`| taken away | planted bug | runs with it | runs without it |\n|---|---|---|---|`);
  for (const rule of rules.filter((one) => only.length === 0 || only.includes(one))) {
    const { bug: name, runs } = needed[rule];
    const bug = bugs.find((one) => one.name === name);
    if (!bug) throw new Error(`no planted bug is called ${name}`);
    const { by, without } = await hunted(bug, async (hunt) => ({ by: await hunt.tries(count, runs), without: await hunt.tries(count, runs, new Set([rule])) }));
    say(`| ${rule} | ${bug.name} | ${each(by, runs)} (${seenBy(by)}) | ${each(without, runs)}${seenBy(without) === 'nothing' ? '' : ` (${seenBy(without)})`} |`);
    if (by.some((one) => one.runs === null) || without.some((one) => one.runs !== null)) process.exitCode = 1;
  }
}

async function hunted<T>(bug: PlantedBug, ask: (hunt: Hunt) => Promise<T>): Promise<T> {
  const hunt = await Hunt.begin(bug);
  try {
    return await ask(hunt);
  } finally {
    hunt.end();
  }
}

const each = (tries: readonly Try[], most: number): string => tries.map(({ runs }) => runs ?? `> ${most}`).join(', ');

const seenBy = (tries: readonly Try[]): string => [...new Set(tries.flatMap(({ rule }) => rule ?? []))].join(', ') || 'nothing';

function sorted(tries: readonly Try[]): number[] {
  return tries.map(({ runs }) => runs ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
}

function median(tries: readonly Try[], most: number): string {
  return told(sorted(tries)[tries.length >> 1], most);
}

function worst(tries: readonly Try[], most: number): string {
  return told(sorted(tries).at(-1), most);
}

function told(runs: number | undefined, most: number): string {
  return runs !== undefined && Number.isFinite(runs) ? String(runs) : `> ${most}`;
}
