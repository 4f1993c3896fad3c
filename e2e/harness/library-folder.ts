import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ward } from './ward.ts';

export interface LibraryFolder {
  readonly path: string;
  /** Every file of the library is deleted, as a person does who empties the folder. */
  empty(): Promise<void>;
}

/** The device gets a two-way library folder, and the whole library lies in it. */
export async function libraryFolder(ward: Ward, path: string = join(ward.photos, '..', 'library')): Promise<LibraryFolder> {
  await mkdir(path, { recursive: true });
  await ward.device.ask(['folder', path]);
  ward.alsoIn(path);
  await ward.device.run('sync');
  return {
    path,
    async empty() {
      for (const name of await readdir(path)) if (!name.startsWith('.')) await rm(join(path, name), { recursive: true });
    },
  };
}
