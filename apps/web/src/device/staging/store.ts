import type { StagedFile } from './staged.ts';

/**
 * The bytes that a person gave to this browser, until the server has them: files of the origin's
 * private file system, or of memory where there is none.
 */
export interface Store {
  /** It outlives this page. */
  readonly persisted: boolean;
  get(id: string): Promise<Blob | undefined>;
  put(id: string, content: Blob): Promise<void>;
  remove(id: string): Promise<void>;
  /** Files that were copied completely and of which nobody was told: their tab ended in between. */
  orphans(): Promise<StagedFile[]>;
  /** What `orphans` would tell of this file is known now. */
  settle(id: string): Promise<void>;
  clear(): Promise<void>;
}

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
