import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measures } from '../measures/index.ts';
import { type Kept, keptResults } from '../results.ts';
import { aims } from './aims.ts';
import { growthOf, plot } from './plot.ts';
import { type Profile, profiles } from './profiles.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');

/** Writes docs/performance.md and its plot from what is kept of the measures. Returns what it did, for a person. */
export async function writeDocument(): Promise<string> {
  const kept = keptResults();
  const inOrder = [...new Set([...measures.keys(), ...kept.keys()])].flatMap((name) => {
    const result = kept.get(name);
    return result ? [[name, result] as const] : [];
  });
  await writeFile(join(docs, 'performance.md'), documentOf(inOrder));
  await writeFile(join(docs, 'performance.svg'), plot(inOrder.flatMap(([, { growth = [] }]) => growth)));
  return `docs/performance.md and docs/performance.svg were written from ${inOrder.length} measures.`;
}

export function documentOf(results: readonly (readonly [name: string, kept: Kept])[]): string {
  const figures = Object.assign({}, ...results.map(([, kept]) => kept.figures ?? {})) as Record<string, string>;
  const growth = results.flatMap(([, kept]) => kept.growth ?? []).map(growthOf);
  return [
    '# Performance',
    '',
    'Written by `npm run bench`; `npm run bench -- NAME` measures one part again, `npm run bench -- document` writes this',
    'page from what is kept in `bench/results`. Everything that is compared here was measured in one run, in turns: the',
    'limit (a program that does only what cannot be left out), a peer where one can be installed, and Everroll. The column',
    '*strongest peer* is Immich 2.5.6 without machine learning, measured **elsewhere**, on another machine of two cores.',
    '',
    'Times on a clock are those of a machine that other programs used as well: each section says how many of them ran or',
    'waited (the load). CPU seconds and ratios depend on that far less.',
    '',
    '## Aims',
    '',
    ...table(['work', 'strongest peer', 'aim', 'Everroll'], aims.map(({ key, work, peer, aim }) => [work, peer, aim, figures[key] ?? 'not measured'])),
    '',
    ...(growth.length === 0
      ? []
      : [
          '## Growth',
          '',
          '![How the cost of each operation grows with the library](performance.svg)',
          '',
          'What a change costs must not depend on the size of the library: at most 1.3 times from the smallest to the largest.',
          'What reads the whole library may take as many times longer as it is larger: a share of 1.0 of that is linear.',
          '',
          ...table(
            ['operation', 'grows as', 'smallest', 'largest', 'growth', 'holds'],
            growth.map(({ operation, unit, aim, first, last, times, holds }) => [operation, aim, `${first[1].toPrecision(3)} ${unit} at ${first[0].toLocaleString('en')}`, `${last[1].toPrecision(3)} ${unit} at ${last[0].toLocaleString('en')}`, aim === 'constant' ? `${times.toFixed(2)} times` : `${times.toFixed(2)} of linear`, holds ? 'yes' : 'no']),
          ),
          '',
        ]),
    ...results.flatMap(([name, kept]) => section(name, kept)),
  ].join('\n');
}

function section(name: string, { title, columns, rows, notes, at, load, machine, scale }: Kept): string[] {
  const when = `\`npm run bench -- ${name}${scale === 1 ? '' : ` --scale ${scale}`}\`, ${at.slice(0, 16).replace('T', ' ')} UTC, ${machine}; load ${load[0]} before, ${load[1]} after.`;
  return [`## ${title}`, '', ...table(columns, rows), '', ...notes, '', when, '', ...profiles.filter(({ measure }) => measure === name).flatMap(profileOf)];
}

function profileOf({ title, columns, rows, reason }: Profile): string[] {
  return [`### ${title}`, '', ...table(columns, rows), '', ...reason, ''];
}

function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), `|${columns.map((_, column) => (column === 0 ? '---|' : '---:|')).join('')}`, ...rows.map(line)];
}
