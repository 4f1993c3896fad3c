import { type BigIntStats, closeSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sha256 } from '@everroll/protocol';
import { codeOf } from './disk-faults.ts';
import { statOf } from './entry.ts';
import { hashFile } from './hash-file.ts';
import { numbered } from './safe-name.ts';

/** So many files of one name in one folder of a day's photos are nobody's intention. */
const ATTEMPTS_MAX = 10_000;

/** No hard links on this disk: FAT and exFAT, some network and user-space file systems. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EXDEV']);

/**
 * Puts a finished file under `name`, or under one beside it that is free. The disk itself decides
 * what is free, in one step that fails when the name exists: so no file is ever overwritten, on
 * disks that fold case or Unicode too. Returns the name that it got.
 *
 * A file of that name with the same bytes is the one to be placed: an earlier try was cut off
 * before its result was stored.
 */
export async function claimName(staged: string, folder: string, name: string, sha256: Sha256): Promise<string> {
  const source = statOf(staged);
  if (source === undefined) throw new Error(`nothing is staged at ${staged}`);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const candidate = numbered(name, attempt);
    const target = join(folder, candidate);
    if (claim(staged, target)) return candidate;
    if (await holds(target, source, sha256)) {
      rmSync(staged, { force: true });
      return candidate;
    }
  }
  throw new Error(`no free name beside ${name}`);
}

function claim(staged: string, target: string): boolean {
  try {
    linkSync(staged, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (withoutLinks.has(codeOf(error))) return claimWithoutLink(staged, target);
    throw error;
  }
  rmSync(staged);
  return true;
}

/** An empty file holds the name, then the finished one takes its place in one step. */
function claimWithoutLink(staged: string, target: string): boolean {
  try {
    closeSync(openSync(target, 'wx'));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  renameSync(staged, target);
  return true;
}

async function holds(target: string, source: BigIntStats, sha256: Sha256): Promise<boolean> {
  const there = statOf(target);
  if (there?.isFile() !== true) return false;
  if (there.dev === source.dev && there.ino === source.ino) return true;
  return there.size === source.size && (await hashFile(target)).sha256 === sha256;
}
