import { type ColumnData, Columns, emptyColumns } from './columns.ts';

/** Another layout of the columns is another version: an older file is passed over and written anew. */
export const VERSION = 1;
const FOLDER = 'everroll-catalogue';
const HEADER_BYTES = 32;

/** https://fs.spec.whatwg.org/#api-filesystemsyncaccesshandle: whoever has it has it alone. */
export interface Access {
  getSize(): number;
  read(into: Uint8Array, at: { at: number }): number;
  write(from: Uint8Array, at: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}
type WithAccess = FileSystemFileHandle & { createSyncAccessHandle(): Promise<Access> };

/** Rejects with what the browser says: there is no such file, no room for one, or somebody else has it. */
export async function openFile(name: string, create: boolean): Promise<Access> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
  return ((await folder.getFileHandle(name, { create })) as WithAccess).createSyncAccessHandle();
}

/** Removes all of it from this browser. */
export async function removeCatalogueFile(): Promise<void> {
  await navigator.storage?.getDirectory().then((root) => root.removeEntry(FOLDER, { recursive: true })).catch(() => undefined);
}

/** Columns as they were written, and the last change that is in them. */
export interface SavedColumns {
  readonly columns: Columns;
  readonly taken: number;
}

const nameOf = (generation: number): string => `columns-${generation % 2}`;

/** null: there are none of that generation, or none that fit. */
export async function readColumns(generation: number): Promise<SavedColumns | null> {
  const file = await openFile(nameOf(generation), false).catch(() => undefined);
  if (file === undefined) return null;
  try {
    const header = new Float64Array(HEADER_BYTES / 8);
    file.read(new Uint8Array(header.buffer), { at: 0 });
    const [version, written, count, taken] = header;
    if (version !== VERSION || written !== generation || count === undefined || taken === undefined) return null;
    const data = emptyColumns(count);
    let at = HEADER_BYTES;
    for (const column of columnsOf(data)) {
      if (file.read(column, { at }) !== column.length) return null;
      at += column.length;
    }
    return { columns: new Columns(data, count), taken };
  } finally {
    file.close();
  }
}

/** @returns false where there is no room, or no OPFS. */
export async function writeColumns(generation: number, data: ColumnData, taken: number): Promise<boolean> {
  const file = await openFile(nameOf(generation), true).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const header = Float64Array.of(VERSION, generation, data.states.length, taken);
    file.truncate(0);
    let at = file.write(new Uint8Array(header.buffer), { at: 0 });
    for (const column of columnsOf(data)) at += file.write(column, { at });
    file.flush();
    return true;
  } finally {
    file.close();
  }
}

const columnsOf = (data: ColumnData): Uint8Array[] => Object.values(data).map((column: ColumnData[keyof ColumnData]) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
