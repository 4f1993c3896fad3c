import type { Store } from './copies.ts';
import type { StagedFile } from './staged.ts';

export const STAGING_FOLDER = 'everroll-staging';

export async function openStore(): Promise<Store> {
  const folder = await stagingFolder();
  return folder === undefined ? memoryStore() : folderStore(folder);
}

/** undefined: this browser has no such place. */
export async function stagingFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(STAGING_FOLDER, { create: true });
  } catch {
    return undefined;
  }
}

const NOTE = '.json';

function folderStore(folder: FileSystemDirectoryHandle): Store {
  const remove = (name: string): Promise<void> => folder.removeEntry(name).catch(() => undefined);
  return {
    persisted: true,
    get: (id) => folder.getFileHandle(id).then((handle) => handle.getFile(), () => undefined),
    async put(id, content) {
      const writable = await (await folder.getFileHandle(id, { create: true })).createWritable();
      await content.stream().pipeTo(writable);
    },
    remove,
    async orphans() {
      const found: StagedFile[] = [];
      for await (const [name, handle] of folder.entries()) {
        if (name.endsWith(NOTE) && handle.kind === 'file') found.push(JSON.parse(await (await handle.getFile()).text()) as StagedFile);
      }
      return found;
    },
    settle: (id) => remove(id + NOTE),
    async clear() {
      for await (const name of folder.keys()) await remove(name);
    },
  };
}

function memoryStore(): Store {
  const files = new Map<string, Blob>();
  return {
    persisted: false,
    get: async (id) => files.get(id),
    async put(id, content) {
      files.set(id, content);
    },
    async remove(id) {
      files.delete(id);
    },
    orphans: async () => [],
    settle: async () => undefined,
    async clear() {
      files.clear();
    },
  };
}
