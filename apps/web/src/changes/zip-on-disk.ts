/**
 * A zip of many originals may be larger than memory: it is written to this site's own part of the disk
 * and saved from there, as any download is. null: this browser cannot (by plain http from another
 * machine), and the stream was not touched.
 */
export async function zipOnDisk(stream: () => ReadableStream<Uint8Array<ArrayBuffer>>): Promise<File | null> {
  const folder = await downloadsFolder();
  if (folder === null) return null;
  await removeFinished(folder);
  const handle = await folder.getFileHandle(`${crypto.randomUUID()}.zip`, { create: true });
  if (!('createWritable' in handle)) return null;
  try {
    await stream().pipeTo(await handle.createWritable());
  } catch (error) {
    await folder.removeEntry(handle.name).catch(() => undefined);
    throw error;
  }
  return await handle.getFile();
}

const FOLDER = 'downloads';
/** Nobody can tell when the browser has copied what it saves: an hour later it has. */
const KEPT_MS = 60 * 60_000;

async function downloadsFolder(): Promise<FileSystemDirectoryHandle | null> {
  if (typeof navigator.storage?.getDirectory !== 'function') return null;
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  } catch {
    return null;
  }
}

async function removeFinished(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const entry of folder.values()) {
    if (entry.kind !== 'file') continue;
    const file = await entry.getFile().catch(() => null);
    // One that is being written by another tab cannot be removed, and stays.
    if (file !== null && Date.now() - file.lastModified > KEPT_MS) await folder.removeEntry(entry.name).catch(() => undefined);
  }
}

/** For who removes everything from this browser. */
export async function removeDownloads(): Promise<void> {
  if (typeof navigator.storage?.getDirectory !== 'function') return;
  await (await navigator.storage.getDirectory()).removeEntry(FOLDER, { recursive: true }).catch(() => undefined);
}
