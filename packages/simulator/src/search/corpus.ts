import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from '../actions/action.ts';

/** A run that once broke an invariant. It is replayed for ever. */
export interface Case {
  readonly rule: string;
  /** What broke, and why. */
  readonly note: string;
  /** The defect is known and not mended yet. */
  readonly open: boolean;
  readonly scenario: Scenario;
}

export const FOLDER = join(import.meta.dirname, '..', '..', 'corpus');

export function readCorpus(): { readonly name: string; readonly content: Case }[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => ({ name: name.slice(0, -'.json'.length), content: readCase(join(FOLDER, name)) }));
}

export function readCase(path: string): Case {
  return JSON.parse(readFileSync(path, 'utf8')) as Case;
}

export function writeCase(name: string, content: Case): string {
  const path = join(FOLDER, `${name}.json`);
  writeFileSync(path, `${JSON.stringify(content, null, 1)}\n`);
  return path;
}
