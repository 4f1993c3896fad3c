import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { takeRunnerLock } from '../home/runner-lock.ts';
import { formatBytes, formatItems } from '../output/format.ts';
import { stagingOf } from '../ports/folder/marker.ts';
import { confirm } from './confirm.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

export interface RemoveOptions {
  readonly yes?: boolean;
}

const SHOWN = 20;

/** "Remove from this device": what the library folder holds goes from here, and from nowhere else. */
export function removeFromDeviceCommand(context: Context, options: RemoveOptions): Promise<Outcome> {
  return withLibrary(context, async ({ engine, home }) => {
    const folder = engine.sources().find(({ kind }) => kind === 'folder');
    if (folder === undefined) return wrongUse('This device has no library folder: nothing of the library lies here but its list.');
    const question = `Remove the ${formatItems(folder.items)} in ${folder.location} from this device? They stay in the library, on the server and on your other devices.`;
    if (options.yes !== true && (await confirm(context, question)) !== true) return wrongUse('Nothing was removed. --yes removes without asking.');
    const lock = takeRunnerLock(home.runner);
    if (lock === null) return wrongUse('Another process keeps this device in sync: stop it first.');
    try {
      const result = await engine.removeFromDevice(context.signal);
      if (!result.ok) return failedWith(result.failure);
      const { value } = result;
      if (value.what === 'at risk') {
        const files = value.items.map(({ localId, bytes, code }) => ({ path: join(folder.location, localId), bytes, code }));
        return { exitCode: 3, json: { removed: null, atRisk: files }, lines: ['Nothing was removed: these are not confirmed by the server. Save them first: everroll sync', ...listed(files.map(({ path }) => path))] };
      }
      rmSync(stagingOf(folder.location), { recursive: true, force: true });
      const kept = value.kept.map(({ localId }) => join(folder.location, localId));
      return succeeded({ removed: { items: value.items, bytes: value.bytes }, kept }, [
        `${formatItems(value.items)}, ${formatBytes(value.bytes)}, removed from this device. The library is on the server as it was; to have it here again: everroll folder PATH`,
        ...(kept.length === 0 ? [] : ['These stay, as they were changed or not confirmed:', ...listed(kept)]),
      ]);
    } finally {
      lock.release();
    }
  });
}

const listed = (paths: readonly string[]): string[] => [...paths.slice(0, SHOWN).map((path) => `  ${path}`), ...(paths.length > SHOWN ? [`  and ${paths.length - SHOWN} more`] : [])];
