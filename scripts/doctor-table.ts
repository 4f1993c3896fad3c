/**
 * `npm run doctor:table`: goes through the doctor's scenarios on real processes and writes docs/doctor.md from that
 * run. `npm run doctor:table -- CODE ...` goes through those of some codes and keeps the other rows as they are
 * in docs/doctor.jsonl.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctorDocument } from './doctor-document.ts';
import type { DoctorRow } from '../e2e/harness/doctor-table.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'everroll-doctor-'));
const rows = join(folder, 'rows.jsonl');
writeFileSync(rows, '');
const codes = process.argv.slice(2);
const some = codes.length === 0 ? [] : ['-t', `(?:^| )(?:${codes.join('|')}): `];
const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'e2e/doctor.test.ts', 'e2e/requests.test.ts', ...some], { cwd: root, stdio: 'inherit', env: { ...process.env, EVERROLL_DOCTOR_TABLE: rows } });
const rowsIn = (path: string): DoctorRow[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DoctorRow);
const noted = rowsIn(rows);
rmSync(folder, { recursive: true, force: true });
// A table of a run that failed would show what does not hold.
if (status === 0) {
  const kept = join(root, 'docs', 'doctor.jsonl');
  const all = [...(codes.length === 0 ? [] : rowsIn(kept).filter(({ code }) => !codes.includes(code))), ...noted].toSorted((a, b) => a.place - b.place);
  writeFileSync(kept, all.map((row) => `${JSON.stringify({ ...row, toldMs: Math.round(row.toldMs), mendedMs: Math.round(row.mendedMs) })}\n`).join(''));
  writeFileSync(join(root, 'docs', 'doctor.md'), doctorDocument(all));
}
process.exitCode = status ?? 1;
