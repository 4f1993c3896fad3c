/** `npm run doctor:table`: goes through the doctor's scenarios on real processes and writes docs/doctor.md from that run. */
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
const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'e2e/doctor.test.ts', 'e2e/requests.test.ts'], { cwd: root, stdio: 'inherit', env: { ...process.env, EVERROLL_DOCTOR_TABLE: rows } });
const noted = readFileSync(rows, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as DoctorRow);
rmSync(folder, { recursive: true, force: true });
// A table of a run that failed would show what does not hold.
if (status === 0) writeFileSync(join(root, 'docs', 'doctor.md'), doctorDocument(noted));
process.exitCode = status ?? 1;
