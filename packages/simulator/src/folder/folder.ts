/** A file as a disk has it: never changed in place, so that a reader can tell another one by identity. */
export interface FolderFile {
  readonly content: Uint8Array;
  readonly modifiedAt: number;
  readonly inode: number;
  /** What people wrote over before, under this name. */
  readonly overwritten: readonly Pick<FolderFile, 'content' | 'inode'>[];
}

/** A folder of a device, with all that people and cables do to one. */
export class Folder {
  readonly location: string;
  readonly files = new Map<string, FolderFile>();
  /** Downloads under way. */
  readonly staged = new Map<string, Uint8Array>();
  /** Pictures that are to stand for originals. */
  readonly previews = new Map<string, Uint8Array>();
  /** Bytes of its disk; null: it does not tell. */
  capacity: number | null = null;
  /** False: the cable is out. What lies on the disk is still there. */
  mounted = true;
  /** Paths that the system will not open: a file, or a folder with all below it. */
  readonly unreadable = new Set<string>();
  full = false;
  /** As HFS+, APFS and NTFS do: one name for every spelling of its case and its accents. */
  foldsNames = false;
  /** Made a library folder by a person. */
  marked = false;
  #inodes = 100;
  /** Of files that are gone: a disk gives them to new ones. */
  readonly #freed: number[] = [];

  constructor(location: string) {
    this.location = location;
  }

  /** Puts a file under a name, as a new file or (`inPlace`) over the one that is there. */
  write(path: string, content: Uint8Array, modifiedAt: number, how: 'new' | 'in place' | 'reused inode' = 'new'): FolderFile {
    const before = this.files.get(path);
    const inode = how === 'in place' && before ? before.inode : how === 'reused inode' ? (this.#freed.pop() ?? (this.#inodes += 1)) : (this.#inodes += 1);
    const file = { content, modifiedAt, inode, overwritten: before ? [...before.overwritten, before] : [] };
    this.files.set(path, file);
    return file;
  }

  /** The same file under another name. @returns the file that it replaced there. */
  move(from: string, to: string): FolderFile | undefined {
    const file = this.files.get(from);
    const replaced = this.files.get(to);
    if (!file || from === to) return undefined;
    this.files.delete(from);
    this.files.set(to, replaced ? { ...file, overwritten: [...file.overwritten, ...replaced.overwritten, replaced] } : file);
    return replaced;
  }

  remove(path: string): FolderFile | undefined {
    const file = this.files.get(path);
    if (!file) return undefined;
    this.files.delete(path);
    this.#freed.push(file.inode);
    return file;
  }

  /** Whether a name is taken, for a disk that tells fewer names apart than a program does. */
  isTaken(path: string): string | undefined {
    if (this.files.has(path)) return path;
    if (!this.foldsNames) return undefined;
    const folded = fold(path);
    for (const other of this.files.keys()) if (fold(other) === folded) return other;
    return undefined;
  }

  hides(path: string): boolean {
    for (const hidden of this.unreadable) if (path === hidden || path.startsWith(`${hidden}/`)) return true;
    return false;
  }
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
