import { constants, copyFile, type FileHandle, link, mkdir, open, readdir, rename, rmdir, stat, statfs, unlink } from 'node:fs/promises';
import { type DiskFile, type DiskFs, diskErrorCode } from './disk-fs.ts';

/** The real disk. Originals are for the server's own user only. */
export const nodeDiskFs: DiskFs = {
  open: async (path, mode) => nodeDiskFile(await open(path, flags[mode], 0o600)),
  link,
  // Where the file system can, both share their blocks until one of them is written.
  copy: (from, to) => copyFile(from, to, constants.COPYFILE_FICLONE),
  rename,
  unlink: (path) => passingOver('ENOENT', unlink(path)),
  makeFolder: (path) => passingOver('EEXIST', mkdir(path, { mode: 0o700 })),
  removeEmptyFolder: (path) => passingOver('ENOENT', rmdir(path)),
  syncFolder,
  async stat(path) {
    try {
      const found = await stat(path);
      return { bytes: found.size, modifiedAt: found.mtimeMs };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },
  async list(path) {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() || entry.isDirectory())
        .map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : 'file' }));
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
};

const flags = {
  read: constants.O_RDONLY,
  write: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
};

function nodeDiskFile(handle: FileHandle): DiskFile {
  return {
    async writev(chunks, position) {
      let left = chunks;
      let at = position;
      // writev(2) may store less than it was given, above all on a disk that fills up.
      while (left.length > 0) {
        const { bytesWritten } = await handle.writev(left as Uint8Array[], at);
        at += bytesWritten;
        left = after(left, bytesWritten);
      }
    },
    read: async (into, position) => (await handle.read(into, 0, into.byteLength, position)).bytesRead,
    bytes: async () => (await handle.stat()).size,
    truncate: (bytes) => handle.truncate(bytes),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/** What remains of the chunks after their first `bytes`. */
function after(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let passed = bytes;
  for (const [index, chunk] of chunks.entries()) {
    if (passed < chunk.byteLength) return [chunk.subarray(passed), ...chunks.slice(index + 1)];
    passed -= chunk.byteLength;
  }
  return [];
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folder and needs none: NTFS journals names.
  if (process.platform === 'win32') return;
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function passingOver(code: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (diskErrorCode(error) !== code) throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const code = diskErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
