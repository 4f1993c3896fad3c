import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SourceRow } from '@everroll/engine';
import { reasons } from '@everroll/protocol';
import { formatItems, formatSince } from '../output/format.ts';
import { table, tone } from '../output/terminal.ts';
import { type Context, withDevice } from './context.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

export function addSourceCommand(context: Context, folder: string): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    const location = folderAt(folder);
    if (location === undefined) return wrongUse(`${folder} is not a folder that can be read.`);
    const added = engine.addSource(location);
    if (!added.ok) return failedWith(added.failure);
    return succeeded({ source: added.value }, [`Photos in ${tone(location, 'strong')} are saved from now on. The folder is read and never written.`]);
  });
}

export function listSourcesCommand(context: Context): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    const sources = engine.sources();
    return succeeded({ sources }, sources.length === 0 ? ['This device has no source: everroll source add FOLDER'] : describeSources(sources, context.now()));
  });
}

export function removeSourceCommand(context: Context, named: string): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    const source = engine.sources().find(({ id, kind, location }) => kind === 'source' && (location === resolve(named) || location === folderAt(named) || String(id) === named));
    if (source === undefined) return wrongUse(`${named} is no source of this device: everroll source list`);
    engine.removeSource(source.id);
    return succeeded({ removed: source }, [`${source.location} is no source any more. What was saved from it stays in the library; no file was touched.`]);
  });
}

/** The folder as the disk names it, links followed; undefined where there is none. */
export function folderAt(path: string): string | undefined {
  try {
    const real = realpathSync(resolve(path));
    return statSync(real).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}

export function describeSources(sources: readonly SourceRow[], now: number): string[] {
  return table(
    sources.map((source) => [
      source.location,
      formatItems(source.items),
      source.kind === 'folder' ? 'library folder' : 'source',
      source.state !== null ? tone(reasons[source.state].sentence, 'warn') : tone(source.lastScanAt === null ? 'not looked at yet' : `looked at ${formatSince(source.lastScanAt, now)}`, 'quiet'),
    ]),
    [{}, { align: 'right' }],
  );
}
