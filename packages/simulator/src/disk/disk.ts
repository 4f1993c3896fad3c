import type { Prng } from '../world/prng.ts';
import type { DiskEntry, DiskEntryStat } from '../server/code.ts';
import { FileNode, FolderNode, Tree } from './tree.ts';

/** `reserve`: little is free and the disk says so. `hard`: a quota that shows only when a write fails. */
export type Fullness = 'free' | 'reserve' | 'hard';

const PLENTY_BYTES = 1e12;
/** Below the room that the server keeps for its database. */
const SCARCE_BYTES = 100 * 1024 * 1024;

/** A disk's operations, done at once; waiting and dying belong to the process that asks for them. */
export class Disk {
  tree = new Tree();
  fullness: Fullness = 'free';
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  open(path: string, mode: 'read' | 'write' | 'create'): FileNode {
    const found = this.tree.find(path);
    if (found?.kind === 'folder') throw diskError('EISDIR');
    if (mode !== 'create') {
      if (!found) throw diskError('ENOENT');
      return found;
    }
    const place = this.tree.place(path);
    if (!place) throw diskError('ENOENT');
    if (this.fullness === 'hard' && !found) throw diskError('ENOSPC');
    const file = found ?? new FileNode();
    file.modifiedAt = this.#now();
    if (found) this.truncate(file, 0);
    else this.tree.change([{ ...place, node: file }]);
    return file;
  }

  write(file: FileNode, chunk: Uint8Array, position: number): void {
    if (this.fullness === 'hard') throw diskError('ENOSPC');
    const content = new Uint8Array(Math.max(file.content.length, position + chunk.length));
    content.set(file.content);
    content.set(chunk, position);
    file.content = content;
    file.dirty = true;
    file.modifiedAt = this.#now();
  }

  truncate(file: FileNode, bytes: number): void {
    const content = new Uint8Array(bytes);
    content.set(file.content.subarray(0, bytes));
    file.content = content;
    file.dirty = true;
    file.modifiedAt = this.#now();
  }

  sync(file: FileNode): void {
    file.durable = file.content;
    file.dirty = false;
  }

  /** The device refuses what the cache held: the kernel drops it and shows the file as clean. */
  failSync(file: FileNode, chance: Prng): never {
    file.content = chance.chance(0.5) ? file.durable : file.content;
    file.durable = file.content;
    file.dirty = false;
    throw diskError('EIO');
  }

  link(existing: string, path: string): void {
    const node = this.tree.find(existing);
    const place = this.tree.place(path);
    if (!node || !place) throw diskError('ENOENT');
    if (place.folder.names.has(place.name)) throw diskError('EEXIST');
    this.tree.change([{ ...place, node }]);
  }

  copy(from: string, to: string): void {
    const source = this.open(from, 'read');
    this.write(this.open(to, 'create'), source.content, 0);
  }

  rename(from: string, to: string): void {
    const node = this.tree.find(from);
    const [source, target] = [this.tree.place(from), this.tree.place(to)];
    if (!node || !source || !target) throw diskError('ENOENT');
    // Two names of one file: nothing happens (POSIX, rename).
    if (target.folder.names.get(target.name) === node) return;
    this.tree.change([
      { ...target, node },
      { ...source, node: null },
    ]);
  }

  unlink(path: string): void {
    const place = this.tree.place(path);
    if (place?.folder.names.has(place.name)) this.tree.change([{ ...place, node: null }]);
  }

  makeFolder(path: string): void {
    const place = this.tree.place(path);
    if (!place) throw diskError('ENOENT');
    if (!place.folder.names.has(place.name)) this.tree.change([{ ...place, node: new FolderNode() }]);
  }

  removeEmptyFolder(path: string): void {
    const node = this.tree.find(path);
    const place = this.tree.place(path);
    if (!node || !place) return;
    if (node.kind === 'folder' && node.names.size > 0) throw diskError('ENOTEMPTY');
    this.tree.change([{ ...place, node: null }]);
  }

  syncFolder(path: string): void {
    const node = this.tree.find(path);
    if (node?.kind !== 'folder') throw diskError('ENOENT');
    this.tree.syncFolder(node);
  }

  stat(path: string): DiskEntryStat | undefined {
    const node = this.tree.find(path);
    if (!node) return undefined;
    return node.kind === 'file' ? { bytes: node.content.length, modifiedAt: node.modifiedAt } : { bytes: 0, modifiedAt: 0 };
  }

  list(path: string): DiskEntry[] {
    const node = this.tree.find(path);
    if (node?.kind !== 'folder') return [];
    return [...node.names].map(([name, { kind }]) => ({ name, kind }));
  }

  freeBytes(): number {
    return this.fullness === 'reserve' ? SCARCE_BYTES : PLENTY_BYTES;
  }
}

/** As Node reports it. */
export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
