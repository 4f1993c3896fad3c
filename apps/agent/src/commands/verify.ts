import { join } from 'node:path';
import type { Result, Why } from '@everroll/engine';
import { KNOWN_MAX, type Sha256 } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { formatBytes, formatItems } from '../output/format.ts';
import { describeFailure } from '../output/reasons.ts';
import { tone } from '../output/terminal.ts';
import { diskPathOf } from '../ports/folder/local-path.ts';
import { hashFile } from '../ports/folder/hash-file.ts';
import { isDiskFault, textOf } from '../ports/folder/disk-faults.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, failedWith } from './outcome.ts';

interface Finding {
  readonly code: 'bit_rot' | 'resource_missing' | 'vanished' | 'unreadable' | 'changed_during_upload';
  readonly path: string | null;
  readonly sha256: string;
  readonly detail: string;
}

/**
 * Reads again all that this device holds of the library, compares it with the hashes under which
 * it was saved, and asks the server whether it holds every original, verified.
 */
export function verifyCommand(context: Context): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const { engine } = device;
    const assets = [...engine.assets(), ...engine.assets({ state: 'trashed' })];
    const hashes = new Map(assets.flatMap(({ resources }) => resources.map(({ sha256, name }) => [sha256, name] as const)));
    const findings: Finding[] = [];
    let files = 0;
    let bytes = 0;
    for (const { id } of assets) {
      for (const file of engine.why({ assetId: id })) {
        if (file.state !== 'verified' || file.stage === 'evicted' || context.signal.aborted) continue;
        const finding = await reread(file, context.signal);
        files += 1;
        bytes += file.bytes;
        if (finding !== undefined) findings.push(finding);
      }
    }
    const missing = await notStored(device, [...hashes.keys()], context.signal);
    if (!missing.ok) return failedWith(missing.failure);
    for (const sha256 of missing.value) findings.push({ code: 'resource_missing', path: null, sha256, detail: `the server does not hold ${hashes.get(sha256) ?? sha256}` });
    const json = { files, bytes, originals: hashes.size, findings };
    if (findings.length === 0) {
      return { exitCode: 0, json, lines: [`${tone('●', 'good')} ${formatItems(files)} on this device read again, ${formatBytes(bytes)}: every byte is as it was saved.`, `  The server holds ${hashes.size === 1 ? 'the one original' : `all ${hashes.size} originals`} of the library, verified.`] };
    }
    return { exitCode: 3, json, lines: findings.flatMap(({ code, path, detail }) => [path ?? detail, ...describeFailure({ code, evidence: { detail } }).map((line) => `  ${line}`)]) };
  });
}

/** A file whose size or time changed is a person's new version, which the next sync saves; one that differs otherwise is rot. */
async function reread(file: Why, signal: AbortSignal): Promise<Finding | undefined> {
  const path = join(file.source, file.localId);
  const found = (code: Finding['code'], detail: string): Finding => ({ code, path, sha256: file.sha256 ?? '', detail });
  try {
    const hashed = await hashFile(diskPathOf(file.source, file.localId), signal);
    if (hashed.sha256 === file.sha256) return undefined;
    return hashed.bytes === file.bytes ? found('bit_rot', `it was saved as ${file.sha256 ?? ''} and reads as ${hashed.sha256}`) : found('changed_during_upload', 'it was changed after it was saved; the next sync saves the new version');
  } catch (error) {
    if (!isDiskFault(error)) throw error;
    return found('unreadable', textOf(error));
  }
}

async function notStored({ ports, engine }: Device, hashes: readonly Sha256[], signal: AbortSignal): Promise<Result<Sha256[]>> {
  const library = engine.identity()?.library.id;
  const missing: Sha256[] = [];
  if (library === undefined) return { ok: true, value: missing };
  for (let at = 0; at < hashes.length; at += KNOWN_MAX) {
    const asked = hashes.slice(at, at + KNOWN_MAX);
    const answer = await ports.server.known(library, asked, signal);
    if (!answer.ok) return answer;
    for (const [place, sha256] of asked.entries()) if (answer.value.standings[place] !== 'stored') missing.push(sha256);
  }
  return { ok: true, value: missing };
}
