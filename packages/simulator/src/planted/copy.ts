import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlantedBug } from './bug.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
/** What the simulator runs; nothing else of the repository is needed. */
const PARTS = ['packages/protocol', 'packages/engine', 'packages/media', 'packages/simulator', 'apps/server', 'apps/agent', 'apps/web'];

/** A copy of the code with one bug in it, in a folder of its own, and how to get rid of it. */
export function plant(bug: PlantedBug): { readonly folder: string; readonly remove: () => void } {
  checkPatches(bug);
  const folder = mkdtempSync(join(tmpdir(), 'everroll-planted-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true, filter: (path) => !path.includes('node_modules') && !path.includes('apps/web/dist') && !path.endsWith('.test.ts') });
  linkModules(folder);
  for (const { file, find, replace } of bug.patches) {
    const path = join(folder, file);
    writeFileSync(path, patched(readFileSync(path, 'utf8'), find, replace, `${bug.name} in ${file}`));
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A patch that no longer fits is a planted bug that has rotted: it must not pass unseen. */
export function patched(text: string, find: string, replace: string, what: string): string {
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`${what}: the text to replace stands there ${times} times, not once`);
  return text.replace(find, () => replace);
}

/** Applies every patch to the code as it is, in memory. */
export function checkPatches(bug: PlantedBug): void {
  const texts = new Map<string, string>();
  for (const { file, find, replace } of bug.patches) texts.set(file, patched(texts.get(file) ?? readFileSync(join(ROOT, file), 'utf8'), find, replace, `${bug.name} in ${file}`));
}

/** The packages that others wrote are linked; those of this repository lead to their copies. */
function linkModules(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@everroll'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@everroll' && !name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const part of PARTS) symlinkSync(join(folder, part), join(modules, '@everroll', part.split('/').at(-1) ?? part));
}
