/**
 * `npm test`: types, lint and all tests, and a closing line that says how many passed. Words after
 * `--` go to vitest (a file, `-t name`).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chosen = process.argv.slice(2);
const bin = (name: string): string => join(import.meta.dirname, '..', 'node_modules', '.bin', name);

function run(title: string, command: string, ...words: string[]): boolean {
  process.stdout.write(`\n— ${title}\n`);
  return spawnSync(command, words, { stdio: 'inherit' }).status === 0;
}

let failed = 0;
if (chosen.length === 0) {
  if (!run('types', bin('tsc'), '--noEmit', '-p', 'tsconfig.json')) failed += 1;
  if (!run('types of the web app', bin('tsc'), '--noEmit', '-p', 'apps/web/tsconfig.json')) failed += 1;
  if (!run('lint', bin('oxlint'), '--type-aware', '--deny-warnings')) failed += 1;
}

const folder = mkdtempSync(join(tmpdir(), 'everroll-tests-'));
const report = join(folder, 'report.json');
const passed = run('tests', process.execPath, join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...chosen);
const counts = readCounts(report);
rmSync(folder, { recursive: true, force: true });
failed += counts.failed;
// A file that cannot even be loaded, or an error outside any test, is a failure that no test counts.
if (!passed && counts.failed === 0) failed += 1;

process.stdout.write(`\n${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = failed === 0 && counts.passed > 0 ? 0 : 1;

function readCounts(path: string): { passed: number; failed: number; skipped: number } {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
    return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0, skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0) };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
