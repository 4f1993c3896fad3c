import type { PickedFile } from '../device/contract.ts';

/** Files of an `<input type="file">`; of a folder with their paths in it. */
export function pickedOf(files: FileList | null): PickedFile[] {
  return [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath }));
}

/** Everything that was dropped, folders with all that is in them. To be called while the event is handled: its items are gone after it. */
export async function pickedOfDrop(transfer: DataTransfer): Promise<PickedFile[]> {
  const entries = [...transfer.items].filter((item) => item.kind === 'file').map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found: PickedFile[] = [];
  for (const entry of entries) {
    if (entry instanceof File) found.push({ file: entry, path: entry.name });
    // oxlint-disable-next-line no-await-in-loop -- a folder at a time, so that a large drop does not open thousands of files at once
    else if (entry !== null) await walk(entry, found);
  }
  return found;
}

async function walk(entry: FileSystemEntry, found: PickedFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File | null>((resolve) => (entry as FileSystemFileEntry).file(resolve, () => resolve(null)));
    if (file !== null) found.push({ file, path: entry.fullPath.replace(/^\//, '') });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives some hundred entries at a time, and none at the end.
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- the reader's own order
    const entries = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (entries.length === 0) return;
    // oxlint-disable-next-line no-await-in-loop -- as above
    for (const inner of entries) await walk(inner, found);
  }
}
