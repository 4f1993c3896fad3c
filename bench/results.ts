import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Table } from './measure.ts';

/** They are part of the repository: docs/performance.md is made from them. */
const folder = join(import.meta.dirname, 'results');

/** A table, when it was measured, and how busy the machine was with other things. */
export interface Kept extends Table {
  readonly at: string;
  readonly scale: number;
  /** Processes that ran or waited, over the last minute before and after: on a quiet machine about 1. */
  readonly load: readonly [before: number, after: number];
  readonly machine: string;
}

export const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;

export const loadNow = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

export function keep(name: string, kept: Kept): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
}

export function keptResults(): Map<string, Kept> {
  mkdirSync(folder, { recursive: true });
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [file.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, file), 'utf8')) as Kept]),
  );
}

export function print({ title, columns, rows: cells, notes, load }: Kept): void {
  const rows = [columns, ...cells].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ');
  process.stdout.write(`\n${[title, '', ...rows.map(line), '', ...notes, `Load of the machine: ${load.join(' before, ')} after.`].join('\n')}\n`);
}
