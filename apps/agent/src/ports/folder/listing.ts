import { type Buffer } from 'node:buffer';
import { type BigIntStats, type Dirent, lstatSync, readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Listed, type SourceEntry, SourceGone } from '@everroll/engine';
import { isClutterFile, isClutterFolder } from './clutter.ts';
import { codeOf, isAbsent, isDiskFault, rootFault, textOf } from './disk-faults.ts';
import { Look, entryOf, statOf } from './entry.ts';
import { type DiskPath, type LocalId, diskPathOf, isDoubtful, localIdOf } from './local-path.ts';
import type { Witnesses } from './witnesses.ts';

/** A batch is one turn of the event loop, some 3 ms: synchronous calls are four times as fast as asynchronous ones (100,000 files: 0.3 s). */
const BATCH = 1_000;

/** A chain of links deeper than this is a mistake of somebody's; the file system itself stops at 40. */
const LINKED_FOLDERS_MAX = 1_000;

const identityOf = (stat: BigIntStats): string => `${stat.dev}:${stat.ino}`;

/**
 * Everything below `root`, in batches. Real folders first and linked ones last, each once by device
 * and inode: a loop of links ends, and a folder is found under its own name rather than a link's.
 *
 * @param links `passed over`: what lies behind a link is not part of it. A folder that is written to
 * must not reach through one into what belongs to somebody else.
 * @throws SourceGone as the port `Source` says.
 */
export async function* listFolder(root: string, witnesses: Witnesses, signal: AbortSignal, links: 'followed' | 'passed over' = 'followed'): AsyncGenerator<Listed> {
  const atStart = rootOf(root);
  const walk = new Walk(root, atStart, new Set(witnesses.of(root)?.mounts), links === 'followed');
  let found = 0;
  for (const batch of walk.batches()) {
    signal.throwIfAborted();
    for (const listed of batch) {
      if (listed.what === 'entries') found += listed.entries.length;
      yield listed;
    }
    await nextTurn();
  }
  const atEnd = rootOf(root);
  if (identityOf(atEnd) !== identityOf(atStart)) throw new SourceGone('source_missing', `${root} was replaced while it was being listed`);
  if (found > 0) witnesses.keep(root, { root: identityOf(atEnd), mounts: walk.mounts });
  else refuseIfUnmounted(root, atEnd, walk, witnesses);
}

function rootOf(root: string): BigIntStats {
  let stat: BigIntStats | undefined;
  try {
    stat = statOf(root);
  } catch (error) {
    throw rootFault(error);
  }
  if (stat === undefined) throw new SourceGone('source_missing', `${root} does not exist`);
  if (!stat.isDirectory()) throw new SourceGone('source_missing', `${root} is not a folder`);
  return stat;
}

/** Nothing at all where something was, and on another folder than before: a mount point without its disk. */
function refuseIfUnmounted(root: string, now: BigIntStats, walk: Walk, witnesses: Witnesses): void {
  const before = witnesses.of(root);
  if (before !== undefined && before.root !== identityOf(now) && !walk.sawAnything) {
    throw new SourceGone('source_missing', `${root} is empty and another folder than before: is its disk mounted?`);
  }
}

interface Folder {
  readonly localId: LocalId;
  readonly device: bigint;
}

/** One walk through a tree. Synchronous; the caller lets the event loop turn between batches. */
class Walk {
  /** Folders below the root that lie on another disk than their parent. */
  readonly mounts: string[] = [];
  sawAnything = false;
  readonly #root: string;
  readonly #followsLinks: boolean;
  readonly #mountsBefore: ReadonlySet<string>;
  readonly #look = new Look();
  readonly #visited = new Set<string>();
  readonly #folders: Folder[];
  readonly #linked: LocalId[] = [];
  #entries: SourceEntry[] = [];
  #unreadable: Listed[] = [];

  constructor(root: string, stat: BigIntStats, mountsBefore: ReadonlySet<string>, followsLinks: boolean) {
    this.#root = root;
    this.#followsLinks = followsLinks;
    this.#mountsBefore = mountsBefore;
    this.#visited.add(identityOf(stat));
    this.#folders = [{ localId: '', device: stat.dev }];
  }

  *batches(): Generator<Listed[]> {
    let linked = 0;
    for (;;) {
      let folder = this.#folders.pop();
      while (folder !== undefined) {
        for (const entry of this.#read(folder)) {
          this.#take(folder, entry);
          if (this.#entries.length >= BATCH) yield this.#flush();
        }
        folder = this.#folders.pop();
      }
      const link = this.#linked.shift();
      if (link === undefined) break;
      linked += 1;
      if (linked <= LINKED_FOLDERS_MAX) this.#follow(link);
      else this.#cannotRead(link, 'too many linked folders');
    }
    yield this.#flush();
  }

  #flush(): Listed[] {
    const batch: Listed[] = [...this.#unreadable];
    if (this.#entries.length > 0) batch.push({ what: 'entries', entries: this.#entries });
    this.#entries = [];
    this.#unreadable = [];
    return batch;
  }

  #cannotRead(localId: LocalId, detail: string): void {
    this.sawAnything = true;
    this.#unreadable.push({ what: 'unreadable', localId, detail });
  }

  #read(folder: Folder): Found[] {
    try {
      const found = readNames(diskPathOf(this.#root, folder.localId));
      if (found.length > 0) this.sawAnything = true;
      else if (this.#mountsBefore.has(folder.localId) && !this.mounts.includes(folder.localId)) {
        this.mounts.push(folder.localId);
        this.#cannotRead(folder.localId, 'a disk was mounted here and is not now');
      }
      return found;
    } catch (error) {
      if (folder.localId === '') throw rootFault(error);
      // A folder that is gone between the look at its parent and this one was removed; all else is unknown.
      if (!isAbsent(error)) this.#fault(folder.localId, error);
      return [];
    }
  }

  #take(folder: Folder, { name, dirent }: Found): void {
    const shown = String(name);
    const localId = localIdOf(folder.localId, name);
    if (dirent.isDirectory()) {
      if (!isClutterFolder(shown)) this.#enter(localId, folder.device);
    } else if (dirent.isFile()) {
      if (!isClutterFile(shown)) this.#file(localId, shown);
    } else if (dirent.isSymbolicLink()) {
      this.#link(localId, shown);
    } else if (!isPipeOrDevice(dirent)) {
      // Some network disks do not say what a name is.
      this.#unknown(folder, localId, shown);
    }
  }

  #enter(localId: LocalId, parentDevice: bigint): void {
    try {
      const stat = statOf(diskPathOf(this.#root, localId));
      if (stat === undefined || this.#visited.has(identityOf(stat))) return;
      this.#visited.add(identityOf(stat));
      if (stat.dev !== parentDevice) this.mounts.push(localId);
      this.#folders.push({ localId, device: stat.dev });
    } catch (error) {
      this.#fault(localId, error);
    }
  }

  #file(localId: LocalId, name: string): void {
    try {
      const entry = this.#look.at(diskPathOf(this.#root, localId), localId, name);
      if (entry !== undefined) this.#entries.push(entry);
    } catch (error) {
      this.#fault(localId, error);
    }
  }

  #link(localId: LocalId, name: string): void {
    if (!this.#followsLinks) return;
    try {
      const target = statOf(diskPathOf(this.#root, localId));
      // Its target may lie on a disk that is not mounted: what it led to is unknown, not gone.
      if (target === undefined) this.#cannotRead(localId, 'a link whose target is not there');
      else if (target.isDirectory() && !isClutterFolder(name)) this.#linked.push(localId);
      else if (target.isFile() && !isClutterFile(name)) this.#entries.push(entryOf(localId, target, true));
    } catch (error) {
      // A link to itself leads nowhere: there is no file that could be missed.
      if (codeOf(error) !== 'ELOOP') this.#fault(localId, error);
    }
  }

  #follow(localId: LocalId): void {
    try {
      const stat = statOf(diskPathOf(this.#root, localId));
      if (stat === undefined || this.#visited.has(identityOf(stat))) return;
      this.#visited.add(identityOf(stat));
      this.#folders.push({ localId, device: stat.dev });
    } catch (error) {
      this.#fault(localId, error);
    }
  }

  #unknown(folder: Folder, localId: LocalId, name: string): void {
    try {
      const stat = lstatSync(diskPathOf(this.#root, localId), { bigint: true, throwIfNoEntry: false });
      if (stat?.isSymbolicLink() === true) this.#link(localId, name);
      else if (stat?.isDirectory() === true && !isClutterFolder(name)) this.#enter(localId, folder.device);
      else if (stat?.isFile() === true && !isClutterFile(name)) this.#file(localId, name);
    } catch (error) {
      this.#fault(localId, error);
    }
  }

  #fault(localId: LocalId, error: unknown): void {
    if (!isDiskFault(error)) throw error;
    this.#cannotRead(localId, textOf(error));
  }
}

interface Found {
  readonly name: string | Buffer;
  readonly dirent: Dirent | Dirent<NonSharedBuffer>;
}
type NonSharedBuffer = Buffer<ArrayBuffer>;

/** Names as text, and only where one of them may not be text, as bytes: reading all as bytes costs half as much again. */
function readNames(path: DiskPath): Found[] {
  const entries = readdirSync(path, { withFileTypes: true });
  if (!entries.some((entry) => isDoubtful(entry.name))) return entries.map((dirent) => ({ name: dirent.name, dirent }));
  return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((dirent) => ({ name: dirent.name, dirent }));
}

function isPipeOrDevice(dirent: Dirent | Dirent<NonSharedBuffer>): boolean {
  return dirent.isFIFO() || dirent.isSocket() || dirent.isCharacterDevice() || dirent.isBlockDevice();
}
