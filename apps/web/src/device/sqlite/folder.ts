/** The folder of the origin's private file system that belongs to SQLite alone. */
export const FOLDER = '.everroll-sqlite';

/** Whether this browser has, or once had, a database here. */
export async function hasDatabase(): Promise<boolean> {
  try {
    await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER);
    return true;
  } catch {
    return false;
  }
}
