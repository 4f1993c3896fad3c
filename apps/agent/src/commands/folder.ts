import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { markLibraryFolder } from '../ports/folder/marker.ts';
import { formatItems } from '../output/format.ts';
import { tone } from '../output/terminal.ts';
import { type Context, withDevice } from './context.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';
import { describeSources, folderAt } from './sources.ts';

/** The two-way library folder: shows it, sets it (PATH), gives it up (`--off`), answers the guard (`confirm`, `restore`). */
export function folderCommand(context: Context, what: string | undefined, options: { readonly off?: boolean }): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    const folder = engine.sources().find(({ kind }) => kind === 'folder');
    if (options.off === true) {
      const off = engine.setFolder(null);
      return off.ok ? succeeded({ folder: null }, ['This device has no library folder any more. Its files stay where they are.']) : failedWith(off.failure);
    }
    if (what === undefined) return succeeded({ folder: folder ?? null }, folder === undefined ? ['This device has no library folder: everroll folder PATH'] : describeSources([folder], context.now()));
    if (what === 'confirm' || what === 'restore') {
      if (folder === undefined) return wrongUse('This device has no library folder.');
      const items = what === 'confirm' ? engine.confirmRemovals() : engine.restoreRemoved();
      return succeeded({ [what === 'confirm' ? 'confirmed' : 'restored']: items }, [what === 'confirm' ? `${formatItems(items)} go to Recently Deleted, where they stay for 30 days.` : `${formatItems(items)} are fetched again.`]);
    }
    return setFolder(context, what);
  });
}

function setFolder(context: Context, path: string): Promise<Outcome> {
  return withDevice(context, ({ engine }) => {
    mkdirSync(resolve(path), { recursive: true });
    const location = folderAt(path);
    if (location === undefined) return wrongUse(`${path} is not a folder that can be used.`);
    // The engine refuses a folder within a source before anything is written into it.
    const set = engine.setFolder(location);
    if (!set.ok) return failedWith(set.failure);
    markLibraryFolder(location);
    engine.rescan(set.value?.id);
    return succeeded({ folder: set.value }, [
      `${tone(location, 'strong')} is this device’s library folder now.`,
      'The library appears there as plain files by date; a file put into it is added, one that is removed goes to Recently Deleted.',
    ]);
  });
}
